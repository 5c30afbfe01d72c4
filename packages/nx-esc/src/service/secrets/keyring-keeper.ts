import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Decrypter, Encrypter } from 'esc-eval';
import { Keyring } from '../../encryption/keyring';
import { RECIPIENTS_FILE } from '../../encryption/recipients-file';
import { createEnvironmentEncrypter, type SecretsContext } from '../../workspace/environment-secrets';
import type { SecretKeeper } from './secret-keeper';

/**
 * Keeps the secrets in the workspace's files: they are encrypted for those who may open the environment, and opened with
 * the keys that this user has. Keys stay open while the list of recipients is the same.
 */
export class KeyringKeeper implements SecretKeeper {
  #keyring: Keyring;
  #stamp: string;

  constructor(readonly context: SecretsContext) {
    this.#keyring = new Keyring(context);
    this.#stamp = this.#recipientsStamp();
  }

  encrypter(environment: string): Encrypter {
    let encrypter: Promise<Encrypter> | undefined;
    return {
      encrypt: async (plaintext) =>
        (await (encrypter ??= createEnvironmentEncrypter(this.context, environment))).encrypt(plaintext),
    };
  }

  decrypter(): Decrypter {
    const stamp = this.#recipientsStamp();
    if (stamp !== this.#stamp) {
      this.#keyring = new Keyring(this.context);
      this.#stamp = stamp;
    }
    return this.#keyring;
  }

  #recipientsStamp(): string {
    const stats = statSync(join(this.context.workspaceRoot, RECIPIENTS_FILE), { throwIfNoEntry: false });
    return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
  }
}
