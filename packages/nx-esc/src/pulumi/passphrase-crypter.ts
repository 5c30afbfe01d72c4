import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** A salt, passphrase or ciphertext that does not fit. */
export class PassphraseError extends Error {}

const ITERATIONS = 1_000_000;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const PROOF = 'pulumi';
const derived = new Map<string, Promise<PassphraseCrypter>>();

/**
 * Encrypts and decrypts as Pulumi's passphrase secrets provider: AES-256-GCM with a key derived by PBKDF2-SHA-256 in a
 * million rounds. Texts are `v1:<nonce>:<ciphertext and tag>` in base64; a stack's salt is `v1:<salt>:` followed by the
 * encrypted word `pulumi`, by which a passphrase is recognised. Format: pulumi/pulumi, pkg/secrets/passphrase.
 */
export class PassphraseCrypter {
  private constructor(readonly key: Buffer) {}

  /**
   * Derives the key, once per salt and passphrase: that takes a third of a second.
   *
   * @throws PassphraseError where the passphrase is not the stack's, or the salt is none
   */
  static create(passphrase: string, stackSalt: string): Promise<PassphraseCrypter> {
    const id = `${stackSalt}\0${passphrase}`;
    let creating = derived.get(id);
    if (creating === undefined) derived.set(id, (creating = PassphraseCrypter.#derive(passphrase, stackSalt)));
    return creating;
  }

  static async #derive(passphrase: string, stackSalt: string): Promise<PassphraseCrypter> {
    const [version, salt, ...proof] = stackSalt.split(':');
    if (version !== 'v1' || salt === undefined) throw new PassphraseError('unsupported encryption salt');
    const key = await promisify(pbkdf2)(passphrase, Buffer.from(salt, 'base64'), ITERATIONS, KEY_LENGTH, 'sha256');
    const crypter = new PassphraseCrypter(key);
    if (crypter.decrypt(proof.join(':')) !== PROOF) throw new PassphraseError('incorrect passphrase');
    return crypter;
  }

  encrypt(plaintext: string): string {
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString('base64')}:${sealed.toString('base64')}`;
  }

  /** @throws PassphraseError */
  decrypt(text: string): string {
    const [version, nonce, sealed] = text.split(':');
    if (version !== 'v1' || nonce === undefined || sealed === undefined)
      throw new PassphraseError('unsupported ciphertext');
    const bytes = Buffer.from(sealed, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, Buffer.from(nonce, 'base64'));
      decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_LENGTH)), decipher.final()]).toString('utf8');
    } catch {
      throw new PassphraseError('incorrect passphrase');
    }
  }
}
