import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileLookup } from './facts/program-files';
import { folderOf, groupProjectFiles, isConfigFile } from './project-files';
import type { IndexedProject } from './workspace-index';

const SKIPPED = new Set(['node_modules', 'dist', 'tmp', 'coverage']);
/** Files that make the folder they are in a project, in the order in which Nx asks them for its name. */
const MANIFESTS = ['project.json', 'package.json'];

/** Finds the files of a workspace that matter, without Nx. */
export function findConfigFiles(workspaceRoot: string): string[] {
  const files: string[] = [];
  walk(workspaceRoot, '', files);
  return files;
}

/** The projects that own some files: those that Nx knows, by their roots. */
export function projectsAt(
  files: Iterable<string>,
  roots: Iterable<{ readonly name: string; readonly root: string }>,
): IndexedProject[] {
  const names = new Map([...roots].map(({ name, root }) => [root === '' ? '.' : root, name]));
  const groups = groupProjectFiles(files, (folder) => nearest(folder, (root) => names.has(root)) ?? folder);
  return [...groups.values()].flatMap((group) => {
    const name = names.get(group.root);
    return name === undefined ? [] : [{ name, files: group }];
  });
}

/**
 * The projects that own some files, found and named as Nx does: the nearest folder with a project.json or package.json;
 * where there is none (that of the workspace does not count), the folder itself. Of several such folders with one name,
 * each is named by its path.
 */
export function findProjects(workspaceRoot: string, files: Iterable<string>, facts: FileLookup): IndexedProject[] {
  const hasManifest = (root: string): boolean => MANIFESTS.some((name) => facts.has(pathIn(root, name)));
  const ownerOf = (folder: string): string => nearest(folder, (root) => root !== '.' && hasManifest(root)) ?? folder;
  const groups = [...groupProjectFiles(files, ownerOf).values()];
  const named = groups.map((group) => {
    const declared = MANIFESTS.map((name) => facts.factsOf(pathIn(group.root, name)).name).find(
      (name) => name !== undefined,
    );
    return { group, name: declared ?? basename(join(workspaceRoot, group.root)), isDeclared: declared !== undefined };
  });
  const counts = new Map<string, number>();
  for (const { name } of named) counts.set(name, (counts.get(name) ?? 0) + 1);
  return named.map(({ group, name, isDeclared }) => {
    const isClash = !isDeclared && (counts.get(name) ?? 0) > 1;
    return { name: isClash ? group.root.replaceAll('/', '-') : name, files: group };
  });
}

/** Tells whether a file of its own makes a folder a project; the plugin must name one that has none. */
export function hasManifest(root: string, facts: FileLookup): boolean {
  return MANIFESTS.some((name) => facts.has(pathIn(root, name)));
}

function nearest(folder: string, isRoot: (folder: string) => boolean): string | undefined {
  for (let root = folder; ; root = folderOf(root)) {
    if (isRoot(root)) return root;
    if (root === '.') return undefined;
  }
}

function pathIn(root: string, name: string): string {
  return root === '.' ? name : `${root}/${name}`;
}

function walk(workspaceRoot: string, folder: string, found: string[]): void {
  let entries;
  try {
    entries = readdirSync(join(workspaceRoot, folder), { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.')) walk(workspaceRoot, path, found);
    } else if (isConfigFile(path)) found.push(path);
  }
}
