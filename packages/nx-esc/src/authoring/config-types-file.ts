import { CONFIG_TYPES_MARK, configTypesText, isSameCode } from './config-types-text';
import { deployedEnvironments, LOCAL } from './deployed-environments';
import { variableTypes } from './variable-types';
import type { TreeProject, WorkspaceTree } from './workspace-tree';

/** Tells whether a text was generated, and may be again. */
export function isConfigTypes(text: string): boolean {
  return text.startsWith(CONFIG_TYPES_MARK);
}

/**
 * Writes the accessor of an app unless it says the same already, and tells whether it did.
 *
 * @throws Failure those of variableTypes
 */
export async function writeConfigTypes(
  workspace: Pick<WorkspaceTree, 'tree' | 'index' | 'options'>,
  project: TreeProject,
  file: string,
): Promise<boolean> {
  const deployed = deployedEnvironments(workspace, project, undefined);
  const environments = project.files.environments.has(LOCAL) ? [LOCAL, ...deployed] : deployed;
  const text = configTypesText(project.escProject, await variableTypes(workspace, project, environments));
  if (isSameCode(workspace.tree.read(file, 'utf8') ?? '', text)) return false;
  workspace.tree.write(file, text);
  return true;
}
