import type { Tree } from '@nx/devkit';
import { indexRevision, RevisionFiles, type Revision } from '../../affected/revision';
import { describeFailure } from '../../failures/describe-failure';
import { Failure } from '../../failures/failure';
import { cacheFolderOf } from '../../workspace/facts/cache-files';
import { DiskFacts } from '../../workspace/facts/disk-facts';
import { WORKFLOW_FILE } from '../../workspace/facts/facts-reader';
import { findFiles } from '../../workspace/ignored-files';
import { readPluginOptions } from '../../workspace/plugin-options';
import { isConfigFile } from '../../workspace/project-files';
import { type FilesOf, writeWatchBlocks } from './watch-blocks';

interface SyncResult {
  readonly outOfSyncMessage?: string;
  readonly outOfSyncDetails?: string[];
}

/**
 * Keeps the lists of files true that other tools need written down: what direnv watches for an environment, and what
 * starts a workflow that deploys a stack. Reads files alone.
 */
export default function sync(tree: Tree): SyncResult {
  const isListing = (file: string): boolean => /(?:^|\/)\.envrc$/.test(file) || WORKFLOW_FILE.test(file);
  const onDisk = findFiles(tree.root, (path) => isConfigFile(path) || isListing(path));
  const changes = new Map(
    tree.listChanges().map(({ path, type, content }) => [path, type === 'DELETE' ? null : content]),
  );
  const files = [...new Set([...onDisk, ...changes.keys()])].filter((file) => isListing(file) && tree.exists(file));
  let revision: Revision | undefined;
  const filesOf: FilesOf = (name) => {
    revision ??= indexTree(tree, changes, onDisk.filter(isConfigFile));
    return watchedFiles(name, revision);
  };
  const outdated = files.sort().filter((file) => {
    const text = tree.read(file, 'utf8') ?? '';
    if (!text.includes('nx-esc:watch')) return false;
    const written = writeOrExplain(file, text, filesOf, tree.root);
    if (written !== text) tree.write(file, written);
    return written !== text;
  });
  if (outdated.length === 0) return {};
  return {
    outOfSyncMessage: 'Lists of the files that environments and stacks are made from are out of date.',
    outOfSyncDetails: outdated.map((file) => `${file}: the list after "nx-esc:watch" is not what it imports now`),
  };
}

function writeOrExplain(file: string, text: string, filesOf: FilesOf, root: string): string {
  try {
    return writeWatchBlocks(file, text, filesOf);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Error(describeFailure(error, root), { cause: error });
  }
}

function indexTree(tree: Tree, changes: ReadonlyMap<string, Buffer | null>, configFiles: readonly string[]): Revision {
  const nxJson = JSON.parse(tree.read('nx.json', 'utf8') ?? '{}') as { plugins?: unknown[] };
  const disk = new DiskFacts(tree.root, cacheFolderOf(tree.root));
  return indexRevision(
    new RevisionFiles(tree.root, disk, changes),
    configFiles,
    readPluginOptions(nxJson).organization,
  );
}

/**
 * The files of an environment and of all that it imports; for a stack also its own and the folder of its program. Where
 * both have the name, all of these.
 */
function watchedFiles(name: string, { graph, index }: Revision): string[] | undefined {
  const starts = [`environment:${name}`, `stack:${name}`].filter((id) => graph.entities.has(id));
  if (starts.length === 0) return undefined;
  const reached = graph.reachableFrom(starts, ({ id, kind }) => kind === 'environment' || starts.includes(id));
  const found = new Set<string>();
  for (const id of reached) {
    const entity = graph.entities.get(id);
    if (entity?.file !== undefined && (entity.kind === 'environment' || starts.includes(id))) found.add(entity.file);
  }
  const owner = index.project(graph.entities.get(`stack:${name}`)?.project ?? '');
  if (owner !== undefined) {
    for (const file of index.programOf(owner)) found.add(file);
    if (owner.files.projectFile !== undefined) found.add(owner.files.projectFile);
  }
  return [...found].sort();
}
