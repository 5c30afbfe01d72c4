import { cacheFolderOf } from './facts/cache-files';
import { DiskFacts } from './facts/disk-facts';
import { findAllFiles, findConfigFiles } from './find-files';
import { findProjects, projectsAt, withNamingProjects } from './list-projects';
import type { NormalizedOptions } from './plugin-options';
import { WorkspaceIndex } from './workspace-index';

/** Indexes a workspace without Nx: its projects are found and named as Nx would. */
export function indexWorkspace(workspaceRoot: string, options: NormalizedOptions): WorkspaceIndex {
  const facts = new DiskFacts(workspaceRoot, cacheFolderOf(workspaceRoot));
  const { config, workflows, manifests } = findAllFiles(workspaceRoot);
  const projects = withNamingProjects(findProjects(workspaceRoot, config, facts), manifests, facts);
  return new WorkspaceIndex(workspaceRoot, projects, facts, options.organization, workflows);
}

/** Indexes the projects that Nx knows. */
export function indexProjects(
  workspaceRoot: string,
  projects: Iterable<{ readonly name: string; readonly root: string }>,
  options: NormalizedOptions,
): WorkspaceIndex {
  const facts = new DiskFacts(workspaceRoot, cacheFolderOf(workspaceRoot));
  return new WorkspaceIndex(
    workspaceRoot,
    projectsAt(findConfigFiles(workspaceRoot), projects),
    facts,
    options.organization,
  );
}
