import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const PRIVATE = 0o600;

export interface FileOptions {
  readonly mode?: number;
  /** Where the text is written before it takes its place: the file's own folder unless given. */
  readonly partialFolder?: string;
}

/** Replaces a file, or adds it: whenever the process ends, the file has its old text or its new one, and is on disk. */
export async function replaceFile(path: string, text: string, options: FileOptions = {}): Promise<void> {
  await withPartial(path, text, options, async (partial) => {
    try {
      await rename(partial, path);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
      // The other folder is on another device: the text goes beside the file first.
      await withPartial(path, text, { ...options, partialFolder: dirname(path) }, (beside) => rename(beside, path));
    }
  });
}

/** Adds a file with all of its text; false where there is one by this name. */
export async function addFile(path: string, text: string, options: FileOptions = {}): Promise<boolean> {
  return withPartial(path, text, options, async (partial) => {
    try {
      await link(partial, path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      if (codeOf(error) !== 'EXDEV') throw error;
      return addFile(path, text, { ...options, partialFolder: dirname(path) });
    }
  });
}

/** The code of an error of the file system. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** What an operation answers; undefined where the file or folder is not there. */
export async function ifThere<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function withPartial<T>(
  path: string,
  text: string,
  { mode = PRIVATE, partialFolder = dirname(path) }: FileOptions,
  use: (partial: string) => Promise<T>,
): Promise<T> {
  const partial = join(partialFolder, `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
  const file = await open(partial, 'wx', PRIVATE);
  try {
    try {
      await file.writeFile(text);
      if (mode !== PRIVATE) await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    return await use(partial);
  } finally {
    await rm(partial, { force: true });
  }
}
