import { Failure } from '../failures/failure';
import { loadAge } from './age';
import type { Identities } from './identities';
import { createKmsIdentity, createKmsRecipient, type KmsAccess } from './kms-key';
import { type GroupKey, isKmsKey, RECIPIENTS_FILE, type Recipient, type Recipients } from './recipients-file';
import { keyIdOf } from './secret-ciphertext';

/** Makes a key pair of a group; nobody but the recipients can have its private half again. */
export async function generateGroupKey(
  group: string,
  recipients: readonly Recipient[],
  access: KmsAccess,
): Promise<GroupKey> {
  const age = await loadAge();
  const identity = await age.generateX25519Identity();
  return sealGroupKey(group, identity, recipients, access);
}

/** Encrypts the private half of a group's key for its recipients. */
export async function sealGroupKey(
  group: string,
  identity: string,
  recipients: readonly Recipient[],
  access: KmsAccess,
): Promise<GroupKey> {
  if (recipients.length === 0) throw noRecipients(group);
  const age = await loadAge();
  const publicKey = await age.identityToRecipient(identity);
  const encrypter = new age.Encrypter();
  for (const { key } of recipients)
    encrypter.addRecipient(isKmsKey(key) ? createKmsRecipient(age, key, { group, publicKey }, access) : key);
  const sealed = age.armor.encode(await encrypter.encrypt(`${identity}\n`));
  return { id: keyIdOf(publicKey), group, publicKey, sealed, sealedFor: recipients.map(({ key }) => key) };
}

/**
 * Opens the private half of a group's key with what is at hand: private keys first, then a passphrase, then AWS KMS.
 *
 * @throws Failure secrets/secret-decrypt-failed, secrets/kms-denied, …
 */
export async function openGroupKey(
  key: GroupKey,
  recipients: Recipients,
  identities: Identities,
  access: Omit<KmsAccess, 'env'>,
): Promise<string> {
  const age = await loadAge();
  const attempt = async (
    ...using: Parameters<InstanceType<typeof age.Decrypter>['addIdentity']>[0][]
  ): Promise<string> => {
    const decrypter = new age.Decrypter();
    for (const identity of using) decrypter.addIdentity(identity);
    const identity = (await decrypter.decrypt(age.armor.decode(key.sealed), 'text')).trim();
    if ((await age.identityToRecipient(identity)) !== key.publicKey) throw mismatched(key);
    return identity;
  };
  const own = await identities.keys();
  if (own.some(({ publicKey }) => key.sealedFor.includes(publicKey))) {
    return openWith(key, () => attempt(...own.map(({ identity }) => identity)));
  }
  const locked = recipients.all.filter(({ key: name, identity }) => identity && key.sealedFor.includes(name));
  const [first] = locked;
  if (first?.identity !== undefined && identities.hasPassphrase) {
    const { identity } = await identities.unlock(first.identity, `recipient "${first.name}"`);
    return openWith(key, () => attempt(identity));
  }
  if (key.sealedFor.some(isKmsKey)) {
    const { group, publicKey } = key;
    return openWith(key, () => attempt(createKmsIdentity({ group, publicKey }, { ...access, env: identities.env })));
  }
  throw cannotOpen(
    key,
    recipients,
    own.map(({ publicKey }) => publicKey),
  );
}

async function openWith(key: GroupKey, open: () => Promise<string>): Promise<string> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure({
      class: 'secrets',
      code: 'secret-decrypt-failed',
      message: `the key ${key.id} of group "${key.group}" in ${RECIPIENTS_FILE} is damaged`,
      hint: 'take the file from the history of the repository',
    });
  }
}

function cannotOpen({ id, group, sealedFor }: GroupKey, recipients: Recipients, own: readonly string[]): Failure {
  const names = sealedFor.map((key) => recipients.nameOf(key)).join(', ');
  const mine =
    own.length === 0
      ? 'there is no private key here'
      : `the private key here is ${own.map((key) => nameOrKey(recipients, key)).join(', ')}`;
  return new Failure({
    class: 'secrets',
    code: 'secret-decrypt-failed',
    message: `${mine}; secrets of group "${group}" (key ${id}) open for: ${names}`,
    hint:
      own.length === 0
        ? 'make a key (nx-esc keys new), add it (nx-esc recipient add), and let a recipient run nx-esc rekey'
        : 'let one of them add you (nx-esc recipient add) and run nx-esc rekey',
  });
}

function nameOrKey(recipients: Recipients, key: string): string {
  const name = recipients.nameOf(key);
  return name === key ? `${key}, which is no recipient` : `that of ${name}`;
}

function mismatched({ id, group }: GroupKey): Failure {
  return new Failure({
    class: 'secrets',
    code: 'secret-decrypt-failed',
    message: `the private half of key ${id} of group "${group}" does not belong to its public half`,
    hint: `someone has changed ${RECIPIENTS_FILE}: see its history, and rotate the secrets that were written since`,
  });
}

function noRecipients(group: string): Failure {
  return new Failure({
    class: 'config',
    code: 'recipients-missing',
    message: `there is nobody to encrypt secrets of group "${group}" for`,
    hint: 'nx-esc keys new, then nx-esc recipient add <name>',
  });
}
