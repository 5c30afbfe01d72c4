import { randomBytes } from 'node:crypto';
import {
  EditError,
  type Encrypter,
  findSecretCalls,
  formatPropertyPath,
  openEnvelope,
  renewSecrets,
  sealEnvelope,
} from 'esc-eval';
import { Failure } from '../failures/failure';
import { createEnvironmentEncrypter } from '../workspace/environment-secrets';
import { applyChanges } from './apply-changes';
import type { SideComparison } from './compare-sides';
import { type Leaves, leavesOf } from './definition-leaves';
import type { RemoteEnvironment } from './remote-environments';
import type { SyncContext } from './sync-context';
import { areEqual, changesBetween, mergeThreeWay } from './three-way';

/** What really encrypts may have to make a key, and write it down. */
const NO_ENCRYPTER: Encrypter = { encrypt: () => randomBytes(32) };

export interface PullOptions {
  /** Overwrites what the file has that the service lacks. */
  readonly force: boolean;
  /** Looks, and writes nothing. */
  readonly isDryRun: boolean;
}

/**
 * The text of an environment's file with what the service has changed in it. Secrets that are the same keep their
 * ciphertext; others are encrypted for the recipients of the workspace, which takes no private key.
 *
 * @throws Failure config/merge-conflict, config/recipients-missing
 */
export async function pulledText(
  context: SyncContext,
  comparison: SideComparison,
  { force, isDryRun }: PullOptions,
): Promise<string> {
  const { remote, file, base, name, path = name, identities } = comparison;
  if (remote === undefined) throw new Error(`${name} is not in the service`);
  const envelopes = await encryptForWorkspace(context, comparison, remote, isDryRun);
  const leaves = (text: string): Leaves => leavesOf(path, text, identities.tokenOf);
  const theirs = leaves(remote.text);
  if (file === undefined) return translated(path, remote, envelopes, comparison);
  const ours = leaves(file.text);
  const merge =
    force || base === undefined
      ? { leaves: theirs, toApply: changesBetween(ours, theirs), conflicts: [] }
      : mergeThreeWay(leaves(base.text), ours, theirs);
  if (merge.conflicts.length > 0) throw conflict(comparison, merge.conflicts);
  const text = applyInPlace(path, file.text, merge.toApply, merge.leaves, envelopes);
  if (text !== undefined && areEqual(leaves(text), merge.leaves)) return text;
  // Layouts that cannot be edited are taken as the service has them, if nothing of the file gets lost by it.
  if (areEqual(merge.leaves, theirs)) return translated(path, remote, envelopes, comparison);
  throw conflict(comparison, []);
}

/** The envelopes that stand in the file for the secrets of the service, by their tokens. */
async function encryptForWorkspace(
  context: SyncContext,
  { name, path = name, file, identities }: SideComparison,
  remote: RemoteEnvironment,
  isDryRun: boolean,
): Promise<ReadonlyMap<string, string>> {
  const envelopes = identities.envelopesIn(file?.text ?? '');
  const isMissing = (): boolean =>
    findSecretCalls(path, remote.text).calls.some(
      (call) => call.kind === 'ciphertext' && !envelopes.has(identities.tokenOf(call)),
    );
  if (isMissing() && identities.hasUnknown(remote.text))
    identities.learn(remote.text, await context.remotes.decrypted(name, remote));
  let encrypter: Encrypter | undefined;
  for (const call of findSecretCalls(path, remote.text).calls) {
    const token = identities.tokenOf(call);
    const plaintext = identities.plaintextOf(call.value);
    if (call.kind !== 'ciphertext' || envelopes.has(token) || plaintext === undefined) continue;
    encrypter ??= isDryRun ? NO_ENCRYPTER : await createEnvironmentEncrypter(context, name);
    const envelope = sealEnvelope(await encrypter.encrypt(Buffer.from(plaintext)));
    identities.add(envelope, plaintext);
    envelopes.set(token, envelope);
  }
  return envelopes;
}

function applyInPlace(
  path: string,
  text: string,
  changes: Parameters<typeof applyChanges>[2],
  after: Leaves,
  envelopes: ReadonlyMap<string, string>,
): string | undefined {
  try {
    return applyChanges(path, text, changes, after, (token) => {
      const envelope = envelopes.get(token);
      if (envelope === undefined) throw new EditError('a secret outside of values is not known');
      return envelope;
    });
  } catch (error) {
    if (error instanceof EditError) return undefined;
    throw error;
  }
}

/** The text of the service, with its secrets encrypted for the workspace. */
async function translated(
  path: string,
  remote: RemoteEnvironment,
  envelopes: ReadonlyMap<string, string>,
  { identities }: SideComparison,
): Promise<string> {
  const byCiphertext = new Map(
    findSecretCalls(path, remote.text).calls.flatMap((call) => {
      const envelope = call.kind === 'ciphertext' ? envelopes.get(identities.tokenOf(call)) : undefined;
      return envelope === undefined ? [] : [[keyOf(openEnvelope(call.value)), envelope] as const];
    }),
  );
  return renewSecrets(
    path,
    remote.text,
    (ciphertext) => byCiphertext.has(keyOf(ciphertext)),
    (ciphertext) => Promise.resolve(openEnvelope(byCiphertext.get(keyOf(ciphertext)) as string)),
  );
}

function keyOf(ciphertext: Uint8Array): string {
  return Buffer.from(ciphertext).toString('base64');
}

function conflict({ name, path }: SideComparison, paths: readonly (readonly string[])[]): Failure {
  const shown = paths.map((segments) => formatPropertyPath(segments.filter((key) => key !== 'fn::secret')));
  return new Failure({
    class: 'config',
    code: 'merge-conflict',
    message:
      shown.length === 0
        ? `${name} was changed on both sides, and cannot be merged`
        : `${name} was changed on both sides, each in its own way: ${shown.join(', ')}`,
    hint: `write into the file what is to be, commit it, and overwrite the service: nx-esc push ${name} --force; or the file: nx-esc pull ${name} --force`,
    ...(path !== undefined && { location: { file: path } }),
  });
}
