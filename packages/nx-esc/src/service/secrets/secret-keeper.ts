import type { Decrypter, Encrypter } from 'esc-eval';

/** Encrypts and decrypts the secrets of environments, which are bound to the environment that they are in. */
export interface SecretKeeper {
  encrypter(environment: string): Encrypter;
  decrypter(environment: string): Decrypter;
}
