import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where sessions of this user are kept, and the key to them: never in a repository, nor in a cache that is shared. */
export interface SessionFolders {
  /** Encrypted sessions. */
  readonly sessions: string;
  /** The key, and files of sessions; on most Linux systems in memory, and gone when the user logs out. */
  readonly runtime: string;
}

export function sessionFolders(env: Variables): SessionFolders {
  const state = join(env.XDG_STATE_HOME ?? join(env.HOME ?? homedir(), '.local', 'state'), 'nx-esc');
  const runtime = env.XDG_RUNTIME_DIR;
  return { sessions: join(state, 'sessions'), runtime: runtime === undefined ? state : join(runtime, 'nx-esc') };
}

/** Creates a folder that only this user can enter. */
export function ensurePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || !isOurs(stats)) throw new Error(`${folder} does not belong to this user`);
  if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** Reads a file that only this user can read; undefined for one that is missing, or that others could have written. */
export function readPrivateFile(file: string): Buffer | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || !isOurs(stats) || (stats.mode & 0o077) !== 0) return undefined;
  return readFileSync(file);
}

/** Writes a file that only this user can read, in one step. */
export function writePrivateFile(file: string, content: string | Uint8Array): void {
  const partial = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(partial, content, { mode: 0o600, flag: 'wx' });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function isOurs({ uid }: { readonly uid: number }): boolean {
  return process.getuid === undefined || uid === process.getuid();
}
