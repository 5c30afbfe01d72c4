import { basename, relative } from 'node:path';
import type { SecretCall } from 'esc-eval';
import { PrivateFolder } from '../process/private-folder';
import type { SideComparison } from './compare-sides';
import { maskSecrets } from './definition-leaves';
import type { SyncContext } from './sync-context';

/**
 * The definitions of both sides as a unified diff, the service's first. Of secrets there is only a letter, which those
 * have in common that are the same.
 */
export async function definitionDiff(
  { git, workspaceRoot }: SyncContext,
  { name, path, file, remote, identities }: SideComparison,
): Promise<string> {
  const letters = new Map<string, string>();
  const letterOf = (call: SecretCall): string => {
    const token = identities.tokenOf(call);
    const letter = letters.get(token) ?? letterAt(letters.size);
    letters.set(token, letter);
    return `[secret ${letter}]`;
  };
  const folder = new PrivateFolder();
  try {
    const [before, after] = [remote?.text, file?.text].map((text, side) =>
      folder.write(`${side}-${basename(name)}`, maskSecrets(name, text ?? '', letterOf)),
    );
    const hunks = await git.diffFiles(before as string, after as string);
    if (hunks === '') return '';
    const there = remote === undefined ? '/dev/null' : `${name} (revision ${remote.revision})`;
    const here = path === undefined ? '/dev/null' : relative(workspaceRoot, path);
    return `--- ${there}\n+++ ${here}\n${hunks}`;
  } finally {
    folder.remove();
  }
}

/** a, b, …, z, aa, ab, … */
function letterAt(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letterAt(Math.floor(index / 26) - 1)}${letter}`;
}
