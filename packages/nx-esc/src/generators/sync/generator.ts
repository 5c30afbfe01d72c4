import { formatFiles, joinPathFragments, type NxJsonConfiguration, type Tree } from '@nx/devkit';
import { indexRevision, RevisionFiles, type Revision } from '../../affected/revision';
import { isConfigTypes, writeConfigTypes } from '../../authoring/config-types-file';
import { CONFIG_TYPES_FILE } from '../../authoring/config-types-text';
import { configTypesFiles } from '../../authoring/sync-registration';
import { writeWatchBlocks } from '../../authoring/watch-blocks';
import { watchedFiles } from '../../authoring/watched-files';
import { describeFailure } from '../../failures/describe-failure';
import { Failure } from '../../failures/failure';
import { cacheFolderOf } from '../../workspace/facts/cache-files';
import { DiskFacts } from '../../workspace/facts/disk-facts';
import { WORKFLOW_FILE } from '../../workspace/facts/facts-reader';
import { findFiles } from '../../workspace/ignored-files';
import { type NormalizedOptions, readPluginOptions } from '../../workspace/plugin-options';
import { isConfigFile } from '../../workspace/project-files';
import { environmentProjectOf, type IndexedProject } from '../../workspace/workspace-index';

interface SyncResult {
  readonly outOfSyncMessage?: string;
  readonly outOfSyncDetails?: string[];
}

/** What of a workspace is looked at: its files, and, once something needs it, what they say. */
interface SyncedWorkspace {
  readonly tree: Tree;
  readonly nxJson: NxJsonConfiguration;
  readonly options: NormalizedOptions;
  /** Files that may hold something to keep in step, sorted. */
  readonly files: readonly string[];
  revision(): Revision;
}

const LIST_FILE = /(?:^|\/)\.envrc$/;

/**
 * Keeps in step what is made from environments and stacks: the lists of files that direnv watches and that start
 * workflows, and the typed accessors of apps. Reads files alone.
 */
export default async function sync(tree: Tree): Promise<SyncResult> {
  try {
    const workspace = readWorkspace(tree);
    const details = [...updateLists(workspace), ...(await updateConfigTypes(workspace))];
    if (details.length === 0) return {};
    return {
      outOfSyncMessage: 'Files that are made from environments and stacks are out of date.',
      outOfSyncDetails: details,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Error(describeFailure(error, tree.root), { cause: error });
  }
}

function readWorkspace(tree: Tree): SyncedWorkspace {
  const nxJson = JSON.parse(tree.read('nx.json', 'utf8') ?? '{}') as NxJsonConfiguration;
  const options = readPluginOptions(nxJson as { readonly plugins?: readonly unknown[] });
  const accessors = new Set([CONFIG_TYPES_FILE, ...configTypesFiles(nxJson).values()]);
  const isSynced = (file: string): boolean =>
    LIST_FILE.test(file) ||
    WORKFLOW_FILE.test(file) ||
    (file.endsWith('.ts') && [...accessors].some((accessor) => `/${file}`.endsWith(`/${accessor}`)));
  const onDisk = findFiles(tree.root, (path) => isConfigFile(path) || isSynced(path));
  const changes = new Map(
    tree.listChanges().map(({ path, type, content }) => [path, type === 'DELETE' ? null : content]),
  );
  const files = [...new Set([...onDisk, ...changes.keys()])].filter((file) => isSynced(file) && tree.exists(file));
  let revision: Revision | undefined;
  const index = (): Revision => {
    const disk = new DiskFacts(tree.root, cacheFolderOf(tree.root));
    const revisionFiles = new RevisionFiles(tree.root, disk, changes);
    return indexRevision(revisionFiles, onDisk.filter(isConfigFile), options.organization);
  };
  return { tree, nxJson, options, files: files.sort(), revision: () => (revision ??= index()) };
}

function updateLists({ tree, files, revision }: SyncedWorkspace): string[] {
  const outdated = files.filter((file) => {
    const text = tree.read(file, 'utf8') ?? '';
    if (!text.includes('nx-esc:watch')) return false;
    const written = writeWatchBlocks(file, text, (name) => watchedFiles(name, revision()));
    if (written !== text) tree.write(file, written);
    return written !== text;
  });
  return outdated.map((file) => `${file}: the list after "nx-esc:watch" is not what it imports now`);
}

async function updateConfigTypes({ tree, nxJson, options, files, revision }: SyncedWorkspace): Promise<string[]> {
  const generated = new Set(
    files.filter((file) => file.endsWith('.ts') && isConfigTypes(tree.read(file, 'utf8') ?? '')),
  );
  if (generated.size === 0) return [];
  const { index } = revision();
  const recorded = configTypesFiles(nxJson);
  const accessorOf = ({ name, files: { root } }: IndexedProject): string =>
    joinPathFragments(root, recorded.get(name) ?? CONFIG_TYPES_FILE);
  const details: string[] = [];
  for (const indexed of index.projects()) {
    const file = accessorOf(indexed);
    if (!generated.has(file)) continue;
    const { name, files } = indexed;
    const project = { name, escProject: environmentProjectOf(name), root: files.root, files };
    const isOutdated = await writeConfigTypes({ tree, index, options }, project, file);
    if (isOutdated) details.push(`${file}: the variables are not what the environments of ${name} define now`);
  }
  if (details.length > 0) await formatFiles(tree);
  return details;
}
