import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../failures/failure';
import { isAlive } from './is-alive';

const PREFIX = 'nx-esc-files-';
const NAME = new RegExp(`^${PREFIX}(\\d+)-`);
/** Holds the process that removes a folder that was handed over. */
const OWNER_FILE = '.owner';
/** A folder that was just handed over does not have its owner's number yet. */
const SETTLED_MS = 60_000;

/**
 * A folder under the system's temporary folder that only this user can read, for files a child must have. It is removed
 * when it is no longer needed, or when the process ends, by a signal too (what runs commands turns signals into a
 * cancellation). What a killed process left is removed when the next one needs a folder; its number is in the name.
 */
export class PrivateFolder {
  readonly path: string;
  readonly #removeOnExit = (): void => this.remove();

  constructor() {
    removeAbandonedFolders(tmpdir());
    this.path = orFailure(join(tmpdir(), PREFIX), () => mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`)));
    process.once('exit', this.#removeOnExit);
  }

  /**
   * Writes a file with mode 0600 and answers its path.
   *
   * @throws Failure tool/private-file-not-written
   */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    orFailure(path, () => writeFileSync(path, content, { mode: 0o600, flag: 'wx' }));
    return path;
  }

  remove(): void {
    process.removeListener('exit', this.#removeOnExit);
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Leaves the removal to another process that outlives this one, and puts its number into the folder. */
  handOver(): void {
    this.write(OWNER_FILE, '');
    process.removeListener('exit', this.#removeOnExit);
  }
}

/** Reasons that are the machine's, and not a fault of ours. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EFBIG: 'it is larger than a file may be here',
  EROFS: 'the file system is read-only',
  EACCES: 'this user may not write there',
  ENOENT: 'the folder is missing',
};

function orFailure<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new Failure(
      {
        class: 'tool',
        code: 'private-file-not-written',
        message: `a private file cannot be written to ${dirname(path)}: ${reason}`,
        hint: 'make room there, or choose another place by TMPDIR',
      },
      { cause: error },
    );
  }
}

/** Removes the folders of this user whose processes are gone. */
export function removeAbandonedFolders(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const [, creator] = NAME.exec(name) ?? [];
    if (creator === undefined) continue;
    const path = join(folder, name);
    try {
      if (isOurs(path) && !isAlive(Number(creator)) && isAbandoned(path))
        rmSync(path, { recursive: true, force: true });
    } catch {
      // Another process removes it at the same time.
    }
  }
}

/** Others could put a link or a folder of such a name where everyone can write. */
function isOurs(path: string): boolean {
  const stats = lstatSync(path);
  return stats.isDirectory() && (process.getuid === undefined || stats.uid === process.getuid());
}

function isAbandoned(path: string): boolean {
  let owner: string;
  try {
    owner = readFileSync(join(path, OWNER_FILE), 'utf8');
  } catch {
    return true;
  }
  return owner === '' ? Date.now() - statSync(path).mtimeMs > SETTLED_MS : !isAlive(Number(owner));
}
