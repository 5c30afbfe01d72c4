import { existsSync } from 'node:fs';
import { loadAge } from '../encryption/age';
import { Identities, keyFileOf } from '../encryption/identities';
import { encryptIdentity, generateIdentity } from '../encryption/new-identity';
import { writeOwnKey } from '../encryption/own-key';
import { Failure } from '../failures/failure';
import { processEnvironment } from '../workspace/process-environment';
import { askHidden } from './ask';
import { readNewPassphrase } from './new-passphrase';

/** Makes a private key for the one who runs this, and prints its public half. */
export async function keysNewCommand({ passphrase }: { readonly passphrase: boolean }): Promise<void> {
  const env = processEnvironment();
  const file = keyFileOf(env);
  if (existsSync(file)) {
    throw new Failure({
      class: 'config',
      code: 'key-file-exists',
      message: `there is a private key in ${file} already`,
      hint: 'nx-esc keys show prints its public half; move the file away to make another',
    });
  }
  const key = await generateIdentity();
  writeOwnKey(file, key, passphrase ? await encryptIdentity(key.identity, await readNewPassphrase(env)) : undefined);
  console.error(`✓ private key in ${file}: keep a copy where only you can get at it`);
  console.log(key.publicKey);
}

/** Prints the public halves of the private keys at hand. */
export async function keysShowCommand(): Promise<void> {
  await loadAge();
  const identities = new Identities(processEnvironment(), process.stdin.isTTY ? askHidden : undefined);
  const keys = await identities.keys();
  if (keys.length === 0) {
    throw new Failure({
      class: 'secrets',
      code: 'key-file-missing',
      message: 'there is no private key here',
      hint: 'nx-esc keys new, or set NX_ESC_AGE_KEY_FILE',
    });
  }
  for (const { publicKey } of keys) console.log(publicKey);
}
