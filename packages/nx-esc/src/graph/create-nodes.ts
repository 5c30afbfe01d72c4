import type { CreateNodesContextV2, CreateNodesResultV2, CreateNodesV2, ProjectConfiguration } from '@nx/devkit';
import { findProjects, hasManifest } from '../workspace/list-projects';
import { type NxEscPluginOptions, normalizeOptions } from '../workspace/plugin-options';
import { CONFIG_FILE_GLOB, principalFileOf } from '../workspace/project-files';
import { type RemoteReference, remoteReferencesOf } from '../workspace/remote-references';
import { orderProjectsOnCycles, StackOrder } from '../workspace/stack-order';
import { checkedFiles } from './checked-files';
import { externalNodesOf } from './external-nodes';
import { FilesElsewhere } from './files-elsewhere';
import { beginAnswer, keyOfAnswer, readAnswer } from './kept-answer';
import { dropSnapshot, takeSnapshot } from './snapshot';
import { chooseTargetNames } from './target-names';
import { targetsFor } from './targets';

/** Infers a project with its targets for every folder with a Pulumi.yaml or ESC environments. */
export const createNodesV2: CreateNodesV2<NxEscPluginOptions> = [
  CONFIG_FILE_GLOB,
  (files, options, context) => inferProjects(files, options, context),
];
/** Nx 23 and newer ask for this name. */
export const createNodes = createNodesV2;

function inferProjects(
  files: readonly string[],
  options: NxEscPluginOptions | undefined,
  { workspaceRoot }: CreateNodesContextV2,
): CreateNodesResultV2 {
  const key = keyOfAnswer(workspaceRoot, options, files);
  const kept = readAnswer(workspaceRoot, key);
  if (kept !== undefined) {
    dropSnapshot(workspaceRoot);
    beginAnswer(workspaceRoot, kept);
    return JSON.parse(kept.nodes) as CreateNodesResultV2;
  }
  const nodes = inferAnew(files, options, workspaceRoot);
  beginAnswer(workspaceRoot, { key, nodes: JSON.stringify(nodes), stamps: {} });
  return nodes;
}

function inferAnew(
  files: readonly string[],
  options: NxEscPluginOptions | undefined,
  workspaceRoot: string,
): CreateNodesResultV2 {
  const normalized = normalizeOptions(options);
  const { facts, index, graph } = takeSnapshot(workspaceRoot, normalized.organization, (read) =>
    findProjects(workspaceRoot, files, read),
  );
  const orders = orderProjectsOnCycles(new StackOrder(graph));
  const remotes = remoteReferencesOf(graph);
  const names = chooseTargetNames(index, normalized);
  const elsewhere = new FilesElsewhere(index, graph);
  return [...index.projects()].map((project) => {
    const { root } = project.files;
    const order = orders.get(project.name);
    const remote = remotes.get(project.name) ?? [];
    const targets = targetsFor({
      project,
      deployable: index.deployable(project),
      checkedFiles: checkedFiles(project, index, graph),
      filesElsewhere: elsewhere.of(project),
      ...(order !== undefined && { order }),
      names: names.of(project),
      deployNames: names.deployNames,
      ...(normalized.serveTargetName !== undefined && { serveTargetName: normalized.serveTargetName }),
    });
    const configuration: Partial<ProjectConfiguration> & { root: string } = {
      root,
      // A file of its own decides on the name and type of a project.
      ...(!hasManifest(root, facts) && { name: project.name, projectType: 'application' as const }),
      targets,
      ...(remote.length > 0 && { metadata: metadataOf(remote) }),
    };
    const externalNodes = externalNodesOf(remote);
    const hasExternal = Object.keys(externalNodes).length > 0;
    const result = { projects: { [root]: configuration }, ...(hasExternal && { externalNodes }) };
    return [principalFileOf(project.files), result] as const;
  });
}

/** What the project names outside of the workspace, or in a version. */
function metadataOf(remote: readonly RemoteReference[]): ProjectConfiguration['metadata'] {
  const esc = { remote: remote.map(({ files, ...each }) => ({ ...each, files: [...files] })) };
  return { esc } as ProjectConfiguration['metadata'];
}
