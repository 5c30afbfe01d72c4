import { formatFiles, joinPathFragments, type Tree } from '@nx/devkit';
import { checkedAnswer } from '../../authoring/answers';
import { CONFIG_TYPES_MARK, configTypesText } from '../../authoring/config-types-text';
import { deployedEnvironments, LOCAL } from '../../authoring/deployed-environments';
import { asGenerator } from '../../authoring/generator-failure';
import { variableTypes } from '../../authoring/variable-types';
import { readWorkspaceTree, type TreeProject, type WorkspaceTree } from '../../authoring/workspace-tree';
import { Failure } from '../../failures/failure';
import type { ConfigTypesGeneratorSchema } from './schema';

/** Generates a module that reads an app's variables with their types. */
export const configTypesGenerator = asGenerator(async (tree: Tree, options: ConfigTypesGeneratorSchema) => {
  const workspace = await readWorkspaceTree(tree);
  const project = workspace.project(options.project);
  const file = joinPathFragments(
    project.root,
    checkedAnswer('typescriptFile', 'file', options.file ?? 'src/environment.ts'),
  );
  refuseOwn(tree, file);

  await writeConfigTypes(workspace, project, file);

  if (options.skipFormat !== true) await formatFiles(tree);
});

export default configTypesGenerator;

/** Writes the accessor of an app, if it is not the same already. */
export async function writeConfigTypes(workspace: WorkspaceTree, project: TreeProject, file: string): Promise<void> {
  const deployed = deployedEnvironments(workspace, project, undefined);
  const environments = project.files.environments.has(LOCAL) ? [LOCAL, ...deployed] : deployed;
  const text = configTypesText(project.name, await variableTypes(workspace, project, environments));
  if (workspace.tree.read(file, 'utf8') !== text) workspace.tree.write(file, text);
}

function refuseOwn(tree: Tree, file: string): void {
  const text = tree.read(file, 'utf8');
  if (text === null || text.startsWith(CONFIG_TYPES_MARK)) return;
  throw new Failure({
    class: 'config',
    code: 'file-exists',
    message: 'the file is there already, and was not generated',
    hint: 'choose another: --file=src/config.ts',
    location: { file },
  });
}
