import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../failures/failure';
import { addFile } from './stores/atomic-files';

/** A token that cannot be guessed. */
export function createToken(): string {
  return randomBytes(32).toString('hex');
}

/**
 * Reads the token of the service from its file, or makes both; the file is for this user alone.
 *
 * @throws Failure secrets/token-file-unusable
 */
export async function openTokenFile(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await addFile(file, `${createToken()}\n`);
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Failure({
      class: 'secrets',
      code: 'token-file-unusable',
      message: 'the file with the token of the service can be read by others',
      hint: `remove it: a new one is made with another token (or chmod 600 ${file})`,
      location: { file },
    });
  }
  return (await readFile(file, 'utf8')).trim();
}
