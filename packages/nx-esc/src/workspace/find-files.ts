import { WORKFLOW_FILE } from './facts/facts-reader';
import { findFiles } from './ignored-files';
import { isConfigFile, MANIFESTS } from './project-files';

/** Finds the files of a workspace that matter, without Nx. */
export function findConfigFiles(workspaceRoot: string): string[] {
  return findFiles(workspaceRoot, isConfigFile);
}

/** The files of a workspace that matter, those of its CI, and the manifests of projects without any of the former. */
export interface FoundFiles {
  readonly config: readonly string[];
  readonly workflows: readonly string[];
  readonly manifests: readonly string[];
}

export function findAllFiles(workspaceRoot: string): FoundFiles {
  const isManifest = (path: string): boolean => MANIFESTS.includes(path.slice(path.lastIndexOf('/') + 1));
  const found = findFiles(workspaceRoot, (path) => isConfigFile(path) || WORKFLOW_FILE.test(path) || isManifest(path));
  return {
    config: found.filter(isConfigFile),
    workflows: found.filter((path) => WORKFLOW_FILE.test(path)).sort(),
    manifests: found.filter((path) => path.includes('/') && isManifest(path)).sort(),
  };
}
