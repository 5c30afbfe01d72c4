import { basename, join } from 'node:path';
import type { FileLookup } from './facts/program-files';
import { folderOf, groupProjectFiles, MANIFESTS } from './project-files';
import type { IndexedProject } from './workspace-index';

/** Adds the projects that have no file of ours, but a manifest that names something. */
export function withNamingProjects(
  projects: readonly IndexedProject[],
  manifests: readonly string[],
  facts: FileLookup,
): IndexedProject[] {
  const roots = new Set(projects.map(({ files }) => files.root));
  const added = new Map<string, IndexedProject>();
  for (const file of manifests) {
    const root = folderOf(file);
    if (roots.has(root) || added.has(root) || facts.factsOf(file).references.length === 0) continue;
    const declared = MANIFESTS.map((name) => facts.factsOf(`${root}/${name}`).name).find((name) => name !== undefined);
    added.set(root, {
      name: declared ?? root.slice(root.lastIndexOf('/') + 1),
      files: { root, stacks: new Map(), environments: new Map() },
    });
  }
  return [...projects, ...added.values()];
}

/** The projects that own some files: those that Nx knows, by their roots. */
export function projectsAt(
  files: Iterable<string>,
  roots: Iterable<{ readonly name: string; readonly root: string }>,
): IndexedProject[] {
  const names = new Map([...roots].map(({ name, root }) => [root === '' ? '.' : root, name]));
  const ownerOf = remember((folder: string): string => nearest(folder, (root) => names.has(root)) ?? folder);
  const groups = groupProjectFiles(files, ownerOf);
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
  const ownerOf = remember(
    (folder: string): string => nearest(folder, (root) => root !== '.' && hasManifest(root)) ?? folder,
  );
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

/** Many files are in the same folders. */
function remember(find: (folder: string) => string): (folder: string) => string {
  const known = new Map<string, string>();
  return (folder) => {
    const found = known.get(folder) ?? find(folder);
    known.set(folder, found);
    return found;
  };
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
