import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** The commit that is checked out, read from the files of git: no process is started. Undefined where there is none. */
export function readGitCommit(folder: string): string | undefined {
  try {
    const gitFolder = findGitFolder(folder);
    if (gitFolder === undefined) return undefined;
    // A worktree has a HEAD of its own, and its branches in the folder that it shares.
    const shared = readText(join(gitFolder, 'commondir'));
    const commonFolder = shared === undefined ? gitFolder : resolve(gitFolder, shared);
    return resolveRef('HEAD', [gitFolder, commonFolder]);
  } catch {
    return undefined;
  }
}

function findGitFolder(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return path;
    if (stats?.isFile())
      return resolve(
        folder,
        readFileSync(path, 'utf8')
          .replace(/^gitdir:\s*/, '')
          .trim(),
      );
    if (folder === dirname(folder)) return undefined;
  }
}

function resolveRef(name: string, folders: readonly string[], depth = 0): string | undefined {
  const text = folders.map((folder) => readText(join(folder, name))).find((found) => found !== undefined);
  if (text === undefined) return packedRef(name, folders);
  if (COMMIT.test(text)) return text;
  return text.startsWith('ref: ') && depth < 5 ? resolveRef(text.slice(5), folders, depth + 1) : undefined;
}

function packedRef(name: string, folders: readonly string[]): string | undefined {
  const lines = folders.flatMap((folder) => (readText(join(folder, 'packed-refs')) ?? '').split('\n'));
  const commit = lines.find((line) => line.endsWith(` ${name}`))?.split(' ')[0];
  return commit !== undefined && COMMIT.test(commit) ? commit : undefined;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
