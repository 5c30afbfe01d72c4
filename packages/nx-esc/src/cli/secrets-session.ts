import { Identities } from '../encryption/identities';
import { Keyring } from '../encryption/keyring';
import { cancelOnSignals } from '../workspace/cancellation';
import { type EnvironmentFile, findEnvironmentFile } from '../workspace/environment-file';
import type { SecretsContext } from '../workspace/environment-secrets';
import { processEnvironment } from '../workspace/process-environment';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import { askHidden } from './ask';
import { readWorkspace } from './cli-session';

/** What the commands about secrets work with. */
export interface SecretsSession extends Required<SecretsContext> {
  readonly index: WorkspaceIndex;
  readonly keyring: Keyring;
  /** Finds an environment by its name or its file. */
  find(written: string): EnvironmentFile;
}

/** Runs a command about secrets, which ends in good order where it is interrupted. */
export async function withSecrets<T>(workspaceRoot: string, run: (session: SecretsSession) => Promise<T>): Promise<T> {
  const { index } = readWorkspace(workspaceRoot);
  const { signal, dispose } = cancelOnSignals();
  const ask = process.stdin.isTTY ? askHidden : undefined;
  const identities = new Identities(processEnvironment(), ask);
  const context = { workspaceRoot, identities, signal };
  try {
    return await run({
      ...context,
      index,
      keyring: new Keyring(context),
      find: (written) => findEnvironmentFile(written, index, process.cwd()),
    });
  } finally {
    dispose();
  }
}
