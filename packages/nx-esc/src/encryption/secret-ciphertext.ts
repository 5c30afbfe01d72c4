import { createHash } from 'node:crypto';

/** `nxe` and the version of what follows: the id of the key, and an age file. */
const HEADER = Buffer.from('nxe\x01', 'latin1');
const KEY_ID_LENGTH = 8;
const PREFIX_LENGTH = HEADER.length + KEY_ID_LENGTH;

/** What is within the envelope of a secret of the local backend. */
export interface SecretCiphertext {
  /** The key that it is encrypted to, as `keyIdOf` names it. */
  readonly keyId: string;
  /** A file as `age --decrypt` reads it. */
  readonly ageFile: Uint8Array;
}

/** Names a public key: the first bytes of its SHA-256, in hexadecimal. */
export function keyIdOf(publicKey: string): string {
  return createHash('sha256')
    .update(publicKey)
    .digest('hex')
    .slice(0, 2 * KEY_ID_LENGTH);
}

export function packCiphertext({ keyId, ageFile }: SecretCiphertext): Uint8Array {
  return Buffer.concat([HEADER, Buffer.from(keyId, 'hex'), ageFile]);
}

/** Reads the inside of an envelope; undefined for what another program has encrypted. */
export function unpackCiphertext(bytes: Uint8Array): SecretCiphertext | undefined {
  const buffer = Buffer.from(bytes);
  if (buffer.length <= PREFIX_LENGTH || !buffer.subarray(0, HEADER.length).equals(HEADER)) return undefined;
  return {
    keyId: buffer.toString('hex', HEADER.length, PREFIX_LENGTH),
    ageFile: buffer.subarray(PREFIX_LENGTH),
  };
}
