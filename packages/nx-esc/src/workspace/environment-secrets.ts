import { readFileSync } from 'node:fs';
import {
  type Data,
  decryptSecrets,
  type Encrypter,
  encryptSecrets,
  findSecretCalls,
  formatPropertyPath,
  openEnvelope,
  type PathSegment,
  reencryptSecrets,
  removeFromText,
  renewSecrets,
  type SecretCall,
  SecretRewriteError,
  sealEnvelope,
  setInText,
} from 'esc-eval';
import { isCollection, parseDocument } from 'yaml';
import { editFile } from '../encryption/edit-file';
import { currentGroupKey, pruneGroupKeys, type RekeyedGroup, rekeyGroups } from '../encryption/group-key-store';
import { createEncrypter, Keyring } from '../encryption/keyring';
import type { Identities } from '../encryption/identities';
import { unpackCiphertext } from '../encryption/secret-ciphertext';
import { Failure } from '../failures/failure';
import { type EnvironmentFile, failureOfText, locationOf } from './environment-file';

/** What it takes to change the secrets of a workspace's environments. */
export interface SecretsContext {
  readonly workspaceRoot: string;
  readonly identities: Identities;
  readonly signal?: AbortSignal;
}

/** Encrypts for those who may open an environment; takes no private key. */
export async function createEnvironmentEncrypter(context: SecretsContext, environment: string): Promise<Encrypter> {
  const recipients = await new Keyring(context).recipients();
  return createEncrypter(await currentGroupKey(recipients.groupOf(environment), context));
}

/** Writes a secret to a path beneath `values`; takes no private key. */
export async function setSecret(
  context: SecretsContext,
  environment: EnvironmentFile,
  path: readonly PathSegment[],
  value: string,
): Promise<void> {
  const encrypter = await createEnvironmentEncrypter(context, environment.name);
  const ciphertext = sealEnvelope(await encrypter.encrypt(Buffer.from(value)));
  await edit(environment, (text) => {
    const at = ['values', ...path];
    const call = callAt(text, environment, at);
    if (call?.kind === 'ciphertext')
      return setInText(environment.file, text, [...at, 'fn::secret', 'ciphertext'], ciphertext);
    if (call === undefined) refuseContainer(text, environment, at);
    const target = call === undefined ? at : [...at, 'fn::secret'];
    const sealed: Data = new Map([['ciphertext', ciphertext]]);
    return setInText(environment.file, text, target, call === undefined ? new Map([['fn::secret', sealed]]) : sealed);
  });
}

/** Removes what stands at a path beneath `values`. */
export async function removeSecret(environment: EnvironmentFile, path: readonly PathSegment[]): Promise<void> {
  await edit(environment, (text) => {
    const at = ['values', ...path];
    if (callAt(text, environment, at) === undefined) throw noSecret(environment, text, at);
    return removeFromText(environment.file, text, at);
  });
}

/** Opens the secret at a path beneath `values`, and nothing else. */
export async function getSecret(
  keyring: Keyring,
  environment: EnvironmentFile,
  path: readonly PathSegment[],
): Promise<string> {
  const { file } = environment;
  const text = readFileSync(file, 'utf8');
  const at = ['values', ...path];
  try {
    const call = callAt(text, environment, at);
    if (call === undefined) throw noSecret(environment, text, at);
    if (call.kind === 'plaintext') return call.value;
    return Buffer.from(await decryptCall(keyring, call)).toString('utf8');
  } catch (error) {
    throw failureOfText(error, file, text);
  }
}

/** A secret as it stands in a file. */
export interface ListedSecret {
  /** Beneath `values`, where it stands there. */
  readonly path: string;
  readonly isEncrypted: boolean;
  /** Key that it is encrypted with; undefined where nx-esc did not do it. */
  readonly keyId?: string;
  readonly line: number;
  readonly column: number;
}

export function listSecrets(file: string, text: string): ListedSecret[] {
  try {
    return findSecretCalls(file, text).calls.map((call) => {
      const keyId = call.kind === 'ciphertext' ? keyIdOf(call) : undefined;
      const { line, column } = locationOf(call, file, text);
      const path = call.path.replace(/^values\.?/, '');
      return { path, isEncrypted: call.kind === 'ciphertext', line, column, ...(keyId !== undefined && { keyId }) };
    });
  } catch (error) {
    throw failureOfText(error, file, text);
  }
}

/** Encrypts what stands in plain text in the file of an environment; takes no private key. */
export async function encryptFile(context: SecretsContext, environment: EnvironmentFile): Promise<void> {
  const encrypter = await createEnvironmentEncrypter(context, environment.name);
  await edit(environment, (text) => encryptSecrets(environment.file, text, encrypter));
}

/** Decrypts all secrets in the text of an environment. */
export async function decryptText(keyring: Keyring, file: string, text: string): Promise<string> {
  try {
    return await decryptSecrets(file, text, keyring);
  } catch (error) {
    throw failureOfText(error, file, text);
  }
}

/** Decrypts the file of an environment where it stands. */
export async function decryptFileInPlace(keyring: Keyring, environment: EnvironmentFile): Promise<void> {
  await edit(environment, (text) => decryptSecrets(environment.file, text, keyring));
}

/** Has somebody change the decrypted text of an environment; what does not change stays as it is, ciphertexts included. */
export async function editSecrets(
  context: SecretsContext,
  environment: EnvironmentFile,
  change: (decrypted: string) => Promise<string>,
): Promise<void> {
  const keyring = new Keyring(context);
  await edit(environment, async (encrypted) => {
    const decrypted = await decryptSecrets(environment.file, encrypted, keyring);
    const edited = await change(decrypted);
    if (edited === decrypted) return encrypted;
    const encrypter = await createEnvironmentEncrypter(context, environment.name);
    return reencryptSecrets(environment.file, edited, { encrypted, decrypted }, encrypter);
  });
}

export interface Rekeying {
  readonly groups: readonly RekeyedGroup[];
  /** Environments whose secrets were encrypted anew. */
  readonly environments: readonly string[];
  /** Old keys that were removed. */
  readonly pruned: number;
}

/**
 * Brings keys and secrets to the recipients of the workspace. Keys are written before anything is encrypted to them, so
 * that all opens at any moment.
 */
export async function rekey(
  context: SecretsContext,
  environments: readonly EnvironmentFile[],
  { all = false, prune = false } = {},
): Promise<Rekeying> {
  const groups = await rekeyGroups({ ...context, all });
  const keyring = new Keyring(context);
  const recipients = await keyring.recipients();
  const renewed: string[] = [];
  const used = new Set<string>();
  for (const environment of environments) {
    const current = recipients.currentKeyOf(recipients.groupOf(environment.name));
    const encrypter = current && createEncrypter(current);
    await edit(environment, async (text) => {
      const isStale = (ciphertext: Uint8Array): boolean => {
        const keyId = unpackCiphertext(ciphertext)?.keyId;
        return keyId !== undefined && keyId !== current?.id && recipients.keyOf(keyId) !== undefined;
      };
      const target = encrypter ?? lazily(() => createEnvironmentEncrypter(context, environment.name));
      const changed = await renewSecrets(environment.file, text, isStale, async (ciphertext) =>
        target.encrypt(await keyring.decrypt(ciphertext)),
      );
      if (changed !== text) renewed.push(environment.name);
      for (const { keyId } of listSecrets(environment.file, changed)) if (keyId !== undefined) used.add(keyId);
      return changed;
    });
  }
  return { groups, environments: renewed, pruned: prune ? await pruneGroupKeys(used, context) : 0 };
}

function lazily(create: () => Promise<Encrypter>): Encrypter {
  let encrypter: Promise<Encrypter> | undefined;
  return { encrypt: async (plaintext) => (await (encrypter ??= create())).encrypt(plaintext) };
}

async function edit({ file }: EnvironmentFile, change: (text: string) => string | Promise<string>): Promise<void> {
  await editFile(file, async (text) => {
    try {
      return await change(text);
    } catch (error) {
      throw failureOfText(error, file, text);
    }
  });
}

function callAt(text: string, { file }: EnvironmentFile, at: readonly PathSegment[]): SecretCall | undefined {
  const path = formatPropertyPath(at);
  return findSecretCalls(file, text).calls.find((call) => call.path === path);
}

async function decryptCall(keyring: Keyring, { value, path }: SecretCall): Promise<Uint8Array> {
  try {
    return await keyring.decrypt(openEnvelope(value));
  } catch (error) {
    throw new SecretRewriteError(path, `invalid ciphertext: ${(error as Error).message}`, { cause: error });
  }
}

/** A secret takes the place of a single value, never of a map or a list. */
function refuseContainer(text: string, { file }: EnvironmentFile, at: readonly PathSegment[]): void {
  const node = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' }).getIn(at, true);
  if (!isCollection(node) || node.items.length === 0) return;
  throw new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `${formatPropertyPath(at.slice(1))} holds ${node.items.length} values`,
    hint: 'name a path beneath it, or remove it from the file first',
    location: { file },
  });
}

function noSecret({ file }: EnvironmentFile, text: string, at: readonly PathSegment[]): Failure {
  const paths = listSecrets(file, text).map(({ path }) => path);
  return new Failure({
    class: 'config',
    code: 'secret-not-in-file',
    message: `there is no secret at ${formatPropertyPath(at.slice(1))}`,
    hint: paths.length === 0 ? 'this file holds no secrets' : `there are: ${paths.join(', ')}`,
    location: { file },
  });
}

function keyIdOf({ value }: SecretCall): string | undefined {
  try {
    return unpackCiphertext(openEnvelope(value))?.keyId;
  } catch {
    return undefined;
  }
}
