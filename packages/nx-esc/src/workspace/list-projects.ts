import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { groupProjectFiles, type ProjectFiles } from './project-files';
import type { IndexedProject } from './workspace-index';

const SKIPPED = new Set(['node_modules', 'dist', 'tmp', 'coverage']);
const CONFIG_FILE = /^Pulumi(?:\..+)?\.ya?ml$/;
const YAML_FILE = /\.ya?ml$/;

/** Lists the files of known projects: two folders to look into for each. */
export function listFilesOfProjects(
  workspaceRoot: string,
  projects: Iterable<{ readonly name: string; readonly root: string }>,
): IndexedProject[] {
  return [...projects].map(({ name, root }) => {
    const folder = join(workspaceRoot, root);
    const prefix = root === '.' || root === '' ? '' : `${root}/`;
    const files = [
      ...list(folder).filter((file) => CONFIG_FILE.test(file)),
      ...list(join(folder, 'esc'))
        .filter((file) => YAML_FILE.test(file))
        .map((file) => `esc/${file}`),
    ].map((file) => prefix + file);
    const normalized = prefix === '' ? '.' : root;
    return { name, files: groupProjectFiles(files).get(normalized) ?? emptyFiles(normalized) };
  });
}

/** Finds the projects of a workspace without Nx: every folder that has files of ours, named as Nx would name it. */
export function findProjects(workspaceRoot: string): IndexedProject[] {
  const files: string[] = [];
  walk(workspaceRoot, '', files);
  return [...groupProjectFiles(files).values()].map((group) => ({
    name: projectNameOf(workspaceRoot, group),
    files: group,
  }));
}

function walk(workspaceRoot: string, folder: string, found: string[]): void {
  let entries;
  try {
    entries = readdirSync(join(workspaceRoot, folder), { withFileTypes: true });
  } catch {
    return;
  }
  const isEnvironments = folder === 'esc' || folder.endsWith('/esc');
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.')) walk(workspaceRoot, path, found);
    } else if (CONFIG_FILE.test(entry.name) || (isEnvironments && YAML_FILE.test(entry.name))) found.push(path);
  }
}

/** The name that Nx gives a project: project.json, then package.json, then the folder. */
export function projectNameOf(workspaceRoot: string, { root }: Pick<ProjectFiles, 'root'>): string {
  for (const file of ['project.json', 'package.json']) {
    try {
      const { name, nx } = JSON.parse(readFileSync(join(workspaceRoot, root, file), 'utf8')) as {
        name?: string;
        nx?: { name?: string };
      };
      const chosen = nx?.name ?? name;
      if (chosen !== undefined) return chosen;
    } catch {
      continue;
    }
  }
  return basename(join(workspaceRoot, root));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function emptyFiles(root: string): ProjectFiles {
  return { root, stacks: new Map(), environments: new Map() };
}
