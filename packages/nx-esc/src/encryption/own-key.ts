import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PrivateKey } from './identities';

/**
 * Writes a private key into the key file of its owner, which must not be there yet, readable by nobody else. `text` is the
 * key as it is kept where that is encrypted.
 */
export function writeOwnKey(file: string, { identity, publicKey }: PrivateKey, text?: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text ?? `# public key: ${publicKey}\n${identity}\n`, { mode: 0o600, flag: 'wx' });
}
