import type { CreateNodesContextV2, CreateNodesResultV2, CreateNodesV2, ProjectConfiguration } from '@nx/devkit';
import { findProjects, hasManifest } from '../workspace/list-projects';
import { type NxEscPluginOptions, normalizeOptions } from '../workspace/plugin-options';
import { CONFIG_FILE_GLOB, principalFileOf } from '../workspace/project-files';
import { orderProjectsOnCycles, StackOrder } from '../workspace/stack-order';
import { checkedFiles } from './checked-files';
import { takeSnapshot } from './snapshot';
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
  const normalized = normalizeOptions(options);
  const { facts, index, graph } = takeSnapshot(workspaceRoot, normalized.organization, (read) =>
    findProjects(workspaceRoot, files, read),
  );
  const orders = orderProjectsOnCycles(new StackOrder(graph));
  return [...index.projects()].map((project) => {
    const { root } = project.files;
    const order = orders.get(project.name);
    const configuration: Partial<ProjectConfiguration> & { root: string } = {
      root,
      // A file of its own decides on the name and type of a project.
      ...(!hasManifest(root, facts) && { name: project.name, projectType: 'application' as const }),
      targets: targetsFor({
        project,
        deployable: index.deployable(project),
        checkedFiles: checkedFiles(project, index, graph),
        ...(order !== undefined && { order }),
        options: normalized,
      }),
    };
    return [principalFileOf(project.files), { projects: { [root]: configuration } }] as const;
  });
}
