import { describeDiagnostic } from '../backends/local/diagnostic-failure';
import { describeFailure } from '../failures/describe-failure';
import { Failure } from '../failures/failure';
import { mapBounded } from '../network/map-bounded';
import { startCliSession } from './cli-session';

export interface CheckBackendCommandOptions {
  readonly workspaceRoot: string;
  /** Environments; all that the workspace has files of unless given. */
  readonly names: readonly string[];
  readonly backend: string;
}

const MOST_AT_A_TIME = 8;

/**
 * Checks environments where a backend has them, and prints what is found.
 *
 * @throws Failure config/check-failed, or the failure itself where one environment was asked for
 */
export async function checkBackendCommand({
  workspaceRoot,
  names,
  backend,
}: CheckBackendCommandOptions): Promise<void> {
  const session = startCliSession(workspaceRoot, backend);
  try {
    const { services, index } = session;
    const refs = names.length > 0 ? names : index.names();
    const failures = await mapBounded(refs, MOST_AT_A_TIME, async (ref): Promise<unknown> => {
      try {
        const source = { kind: 'reference', ref } as const;
        const { warnings } = await services.backend.check({ source, signal: services.signal });
        for (const warning of warnings) services.reporter.warn(describeDiagnostic(warning, workspaceRoot));
        process.stdout.write(`${ref}: no errors\n`);
        return undefined;
      } catch (error) {
        return error;
      }
    });
    const found = failures.filter((failure) => failure !== undefined);
    // Without a network or a login, all of them fail alike.
    const general = found.find((error) => !(error instanceof Failure) || error.failureClass !== 'config');
    if (general !== undefined) throw general;
    if (refs.length === 1 && found.length === 1) throw found[0];
    for (const failure of found) console.error(describeFailure(failure, workspaceRoot));
    if (found.length > 0) {
      throw new Failure({
        class: 'config',
        code: 'check-failed',
        message: `${found.length} of ${refs.length} environments have errors`,
        hint: 'mend them where the backend has them',
      });
    }
  } finally {
    session.dispose();
  }
}
