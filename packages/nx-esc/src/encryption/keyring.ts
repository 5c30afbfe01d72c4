import type { Encrypter } from 'esc-eval';
import { Failure } from '../failures/failure';
import { type Age, loadAge } from './age';
import { openGroupKey } from './group-keys';
import type { Identities } from './identities';
import type { CredentialsSource } from './kms-key';
import { type GroupKey, readRecipients, RECIPIENTS_FILE, type Recipients } from './recipients-file';
import { packCiphertext, type SecretCiphertext, unpackCiphertext } from './secret-ciphertext';

export interface KeyringOptions {
  readonly workspaceRoot: string;
  readonly identities: Identities;
  readonly signal?: AbortSignal;
}

/**
 * Opens the secrets of a workspace's environments. Each group's key is opened once and each secret once, whatever asks
 * for it; nothing is read before the first.
 */
export class Keyring {
  #recipients: Promise<Recipients> | undefined;
  readonly #decrypters = new Map<string, Promise<InstanceType<Age['Decrypter']>>>();
  readonly #secrets = new Map<string, Promise<Uint8Array>>();

  constructor(readonly options: KeyringOptions) {}

  recipients(): Promise<Recipients> {
    return (this.#recipients ??= readRecipients(this.options.workspaceRoot));
  }

  /**
   * Decrypts the inside of an envelope. Where that takes AWS KMS, it is called with the credentials of the first who asks
   * for a secret of the group.
   *
   * @throws Failure secrets/secret-decrypt-failed, secrets/kms-denied, …
   */
  decrypt(ciphertext: Uint8Array, credentials?: CredentialsSource): Promise<Uint8Array> {
    const id = Buffer.from(ciphertext).toString('latin1');
    let opening = this.#secrets.get(id);
    if (opening === undefined) this.#secrets.set(id, (opening = this.#decrypt(ciphertext, credentials)));
    return opening;
  }

  async #decrypt(ciphertext: Uint8Array, credentials?: CredentialsSource): Promise<Uint8Array> {
    const secret = unpackCiphertext(ciphertext);
    if (secret === undefined) throw foreignCiphertext();
    const key = (await this.recipients()).keyOf(secret.keyId);
    if (key === undefined) throw unknownKey(secret);
    const decrypter = await this.#decrypterOf(key, credentials);
    try {
      return await decrypter.decrypt(secret.ageFile);
    } catch {
      throw new Failure({
        class: 'secrets',
        code: 'secret-decrypt-failed',
        message: `the ciphertext is damaged: key ${key.id} of group "${key.group}" does not open it`,
        hint: 'take it from the history of the repository, or set the secret anew: nx-esc secret set',
      });
    }
  }

  #decrypterOf(key: GroupKey, credentials?: CredentialsSource): Promise<InstanceType<Age['Decrypter']>> {
    let opening = this.#decrypters.get(key.id);
    if (opening === undefined) this.#decrypters.set(key.id, (opening = this.#open(key, credentials)));
    return opening;
  }

  async #open(key: GroupKey, credentials?: CredentialsSource): Promise<InstanceType<Age['Decrypter']>> {
    const { identities, signal } = this.options;
    const age = await loadAge();
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(await openGroupKey(key, await this.recipients(), identities, { signal, credentials }));
    return decrypter;
  }
}

/** Encrypts secrets to a group's key: all that is needed is its public half. */
export function createEncrypter({ id, publicKey }: GroupKey): Encrypter {
  return {
    async encrypt(plaintext) {
      const age = await loadAge();
      const encrypter = new age.Encrypter();
      encrypter.addRecipient(publicKey);
      return packCiphertext({ keyId: id, ageFile: await encrypter.encrypt(plaintext) });
    },
  };
}

function foreignCiphertext(): Failure {
  return new Failure({
    class: 'secrets',
    code: 'secret-decrypt-failed',
    message: 'the ciphertext was not made by nx-esc',
    hint: 'secrets that Pulumi Cloud has encrypted open there alone: set them anew with nx-esc secret set',
  });
}

function unknownKey({ keyId }: SecretCiphertext): Failure {
  return new Failure({
    class: 'secrets',
    code: 'secret-decrypt-failed',
    message: `the secret is encrypted with key ${keyId}, which is not in ${RECIPIENTS_FILE}`,
    hint: `find the key in the history of ${RECIPIENTS_FILE}, or set the secret anew: nx-esc secret set`,
  });
}
