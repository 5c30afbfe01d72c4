import { readFileSync } from 'node:fs';
import {
  applyRotationPatches,
  type Encrypter,
  formatPropertyPath,
  type RotationOutcome,
  type RotationPatch,
} from 'esc-eval';
import writeFileAtomic from 'write-file-atomic';
import { LocalBackend } from '../backends/local/local-backend';
import { withLockedFile } from '../encryption/edit-file';
import { Identities } from '../encryption/identities';
import { Failure } from '../failures/failure';
import { type EnvironmentFile, findEnvironmentFile } from '../workspace/environment-file';
import { createEnvironmentEncrypter } from '../workspace/environment-secrets';
import { readSecretPath } from '../workspace/read-path';
import { processEnvironment } from '../workspace/process-environment';
import { startCliSession } from './cli-session';

export interface RotateCommandOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  /** Secrets to rotate, as paths beneath `values`; all of the environment where there are none. */
  readonly paths: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Rotates secrets of an environment. Each new state is written, encrypted, as soon as there is one, so that nothing that
 * happens later loses a credential.
 *
 * @throws Failure secrets/rotation-failed, or why the environment cannot be evaluated
 */
export async function rotateCommand({ workspaceRoot, ref, paths, dryRun }: RotateCommandOptions): Promise<void> {
  const segments = paths.map(readSecretPath);
  const session = startCliSession(workspaceRoot);
  try {
    const { backend, signal } = session.services;
    if (!(backend instanceof LocalBackend)) throw rotatedElsewhere();
    const environment = findEnvironmentFile(ref, session.index, process.cwd());
    const encrypter = dryRun
      ? undefined
      : await createEnvironmentEncrypter(
          { workspaceRoot, signal, identities: new Identities(processEnvironment()) },
          environment.name,
        );
    const { rotations, failure } = await withLockedFile(environment.file, async () => {
      let writing = Promise.resolve();
      return backend.rotate(
        { source: { kind: 'reference', ref: environment.name }, signal },
        {
          paths: segments,
          isDryRun: dryRun,
          keepState: (patch) => (writing = writing.then(() => keepState(environment, patch, encrypter))),
        },
      );
    });
    const sorted = [...rotations].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const outcome of sorted) report(outcome, dryRun);
    if (failure !== undefined) throw failure;
    refuseUnmatched(rotations, segments.map(formatPropertyPath), ref);
  } finally {
    session.dispose();
  }
}

/**
 * Writes a new state into the file as it is now. A state that cannot be written is printed, encrypted: the credential
 * may be valid already, and nobody else knows it.
 */
async function keepState(
  { file }: EnvironmentFile,
  patch: RotationPatch,
  encrypter: Encrypter | undefined,
): Promise<void> {
  try {
    await writeFileAtomic(file, await applyRotationPatches(file, readFileSync(file), [patch], encrypter));
  } catch (error) {
    const state = await applyRotationPatches(file, '', [patch], encrypter);
    console.error(`The new state could not be written. Put it into ${file}, it is encrypted:\n${state}`);
    throw new Failure({
      class: 'secrets',
      code: 'state-not-written',
      message: `the new state could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      hint: 'put the state that is printed above into the file: it is encrypted',
    });
  }
}

function rotatedElsewhere(): Failure {
  return new Failure({
    class: 'config',
    code: 'option-invalid',
    message: 'only the local backend writes new states back to files',
    hint: 'rotate it in Pulumi Cloud: pulumi env rotate',
  });
}

function report({ path, status, message }: RotationOutcome, isDryRun: boolean): void {
  const secret = path.replace(/^values\./, '');
  if (status === 'succeeded') console.log(isDryRun ? `would rotate ${secret}` : `✓ rotated ${secret}`);
  else if (status === 'failed') console.log(`✗ ${secret}: ${message ?? 'failed'}`);
  else console.log(`- ${secret}: not rotated, its inputs are not known`);
}

function refuseUnmatched(rotations: readonly RotationOutcome[], paths: readonly string[], ref: string): void {
  const found = new Set(rotations.map(({ path }) => path));
  const missing = paths.filter((path) => !found.has(`values.${path}`));
  if (rotations.length > 0 && missing.length === 0) return;
  throw new Failure({
    class: 'config',
    code: 'rotation-not-found',
    message:
      missing.length > 0 ? `no secret of ${ref} is rotated at ${missing.join(', ')}` : `${ref} has no secret to rotate`,
    hint: 'write fn::rotate::password, fn::rotate::passphrase or fn::rotate::aws-iam in the file of the environment',
  });
}
