import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'tmp', 'coverage']);
const WORKFLOWS = '.github/workflows';

/** Files of a workspace by their names, in folders that are not hidden; sorted. */
export function findFiles(root: string, isWanted: (name: string) => boolean): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of list(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.')) walk(path);
      else if (entry.isFile() && isWanted(entry.name)) found.push(path);
    }
  };
  walk('');
  return found.sort();
}

/** The workflows of GitHub Actions and GitLab CI. */
export function findWorkflows(root: string): string[] {
  const actions = list(join(root, WORKFLOWS)).flatMap(({ name }) =>
    /\.ya?ml$/.test(name) ? [`${WORKFLOWS}/${name}`] : [],
  );
  const gitlab = list(root).flatMap(({ name }) => (name === '.gitlab-ci.yml' ? [name] : []));
  return [...actions.sort(), ...gitlab];
}

function list(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch {
    return [];
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}
