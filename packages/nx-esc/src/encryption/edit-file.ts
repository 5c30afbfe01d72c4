import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { Failure } from '../failures/failure';

// proper-lockfile takes a lock for abandoned where its owner has not touched it for so long.
const STALE_MS = 5_000;
const RETRIES = { retries: 2_000, factor: 1.1, minTimeout: 10, maxTimeout: 100, randomize: true };

/** A file that this process alone may change for now. */
export interface LockedFile {
  /** The text; empty for a file that is not there. */
  readonly text: string;
  /**
   * Replaces the file as a whole, or not at all.
   *
   * @throws Failure config/file-changed where the file was changed behind the lock
   */
  write(text: string): Promise<void>;
}

/** Changes a file: nobody else changes it meanwhile through this function. */
export function editFile(file: string, change: (text: string) => string | Promise<string>): Promise<void> {
  return withLockedFile(file, async (locked) => locked.write(await change(locked.text)));
}

/** Runs a task that changes a file, perhaps more than once, while no other process does so. */
export async function withLockedFile<T>(file: string, run: (locked: LockedFile) => Promise<T>): Promise<T> {
  let isLost = false;
  const release = await acquire(file, () => (isLost = true));
  let text = readText(file);
  try {
    return await run({
      get text() {
        return text;
      },
      async write(changed) {
        if (changed === text) return;
        if (isLost || readText(file) !== text) throw changedMeanwhile(file);
        await writeFileAtomic(file, changed);
        text = changed;
      },
    });
  } finally {
    if (!isLost) await release();
  }
}

async function acquire(file: string, onCompromised: () => void): Promise<() => Promise<void>> {
  const path = join(realpathSync(dirname(file)), basename(file));
  const id = createHash('sha256').update(path).digest('hex').slice(0, 24);
  const lockfilePath = join(tmpdir(), `nx-esc-${userInfo().uid}-${id}.edit`);
  try {
    const options = { lockfilePath, realpath: false, stale: STALE_MS, update: 1_000, retries: RETRIES, onCompromised };
    return await lock(path, options);
  } catch (error) {
    throw new Failure({
      class: 'config',
      code: 'file-locked',
      message: `another nx-esc is changing the file (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      hint: `wait for it, or remove ${lockfilePath}`,
      location: { file },
    });
  }
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function changedMeanwhile(file: string): Failure {
  return new Failure({
    class: 'config',
    code: 'file-changed',
    message: 'another program has changed the file meanwhile; nothing was written',
    hint: 'run the command again',
    location: { file },
  });
}
