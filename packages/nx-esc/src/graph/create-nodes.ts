import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CreateNodesContextV2, CreateNodesResultV2, CreateNodesV2, ProjectConfiguration } from '@nx/devkit';
import { projectNameOf } from '../workspace/list-projects';
import { type NxEscPluginOptions, normalizeOptions } from '../workspace/plugin-options';
import { CONFIG_FILE_GLOB, groupProjectFiles, principalFileOf } from '../workspace/project-files';
import { type IndexedProject, WorkspaceIndex } from '../workspace/workspace-index';
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
  const projects = [...groupProjectFiles(files).values()].map((group): IndexedProject => ({
    name: projectNameOf(workspaceRoot, group),
    files: group,
  }));
  const index = new WorkspaceIndex(workspaceRoot, projects);
  return projects.map((project) => {
    const { root } = project.files;
    const configuration: Partial<ProjectConfiguration> & { root: string } = {
      root,
      ...nameOf(workspaceRoot, project),
      targets: targetsFor(project, index.deployable(project), normalized),
    };
    return [principalFileOf(project.files), { projects: { [root]: configuration } }] as const;
  });
}

/** A project without a file of its own needs a name; otherwise that file decides. */
function nameOf(workspaceRoot: string, { files: { root } }: IndexedProject): Partial<ProjectConfiguration> {
  const isNamed = ['project.json', 'package.json'].some((file) => existsSync(join(workspaceRoot, root, file)));
  return isNamed ? {} : { name: basename(join(workspaceRoot, root)), projectType: 'application' };
}
