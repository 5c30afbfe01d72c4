import { loadAge } from './age';
import type { PrivateKey } from './identities';

/** Makes a private key. */
export async function generateIdentity(): Promise<PrivateKey> {
  const age = await loadAge();
  const identity = await age.generateX25519Identity();
  return { identity, publicKey: await age.identityToRecipient(identity) };
}

/** Base-2 logarithm of scrypt's cost: about a second, as age itself has it. */
const WORK_FACTOR = 18;

/** Encrypts a private key with a passphrase; the answer is an armored age file. */
export async function encryptIdentity(identity: string, passphrase: string, workFactor = WORK_FACTOR): Promise<string> {
  const age = await loadAge();
  const encrypter = new age.Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return age.armor.encode(await encrypter.encrypt(`${identity}\n`));
}
