import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Decrypter, Encrypter } from 'esc-eval';
import { Failure } from '../../failures/failure';
import { addFile, ifThere } from '../stores/atomic-files';
import type { SecretKeeper } from './secret-keeper';

const ALGORITHM = 'aes-256-gcm';
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/**
 * Keeps secrets with one key: nonce, ciphertext and tag of AES-256-GCM. The name of the environment is authenticated,
 * so that a ciphertext cannot be read by moving it into another environment.
 */
export class KeyKeeper implements SecretKeeper {
  constructor(readonly key: Uint8Array = randomBytes(KEY_LENGTH)) {}

  encrypter(environment: string): Encrypter {
    return {
      encrypt: (plaintext) => {
        const nonce = randomBytes(NONCE_LENGTH);
        const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(environment));
        return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      },
    };
  }

  decrypter(environment: string): Decrypter {
    return {
      decrypt: (ciphertext) => {
        const bytes = Buffer.from(ciphertext);
        if (bytes.length < NONCE_LENGTH + TAG_LENGTH) throw new Error('the ciphertext is too short');
        const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, NONCE_LENGTH))
          .setAAD(Buffer.from(environment))
          .setAuthTag(bytes.subarray(-TAG_LENGTH));
        try {
          return Buffer.concat([decipher.update(bytes.subarray(NONCE_LENGTH, -TAG_LENGTH)), decipher.final()]);
        } catch {
          throw new Error(`it was not encrypted for ${environment} with the key of this store`);
        }
      },
    };
  }
}

/**
 * Reads a key from its file, or makes it, for this user alone.
 *
 * @throws Failure secrets/key-file-unusable
 */
export async function openKeyFile(path: string): Promise<KeyKeeper> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await addFile(path, `${randomBytes(KEY_LENGTH).toString('base64')}\n`);
  const text = (await ifThere(readFile(path, 'utf8'))) ?? '';
  const { mode } = await stat(path);
  const key = Buffer.from(text, 'base64');
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw unusable(path, 'others can read it', `chmod 600 ${path}, and rotate what it protects`);
  if (key.length !== KEY_LENGTH)
    throw unusable(path, 'it does not hold 32 bytes in base64', 'restore it from a backup');
  return new KeyKeeper(key);
}

function unusable(file: string, why: string, hint: string): Failure {
  return new Failure({
    class: 'secrets',
    code: 'key-file-unusable',
    message: `the key of the store cannot be used: ${why}`,
    hint,
    location: { file },
  });
}
