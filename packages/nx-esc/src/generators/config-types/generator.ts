import { formatFiles, joinPathFragments, type Tree } from '@nx/devkit';
import { checkedAnswer } from '../../authoring/answers';
import { isConfigTypes, writeConfigTypes } from '../../authoring/config-types-file';
import { CONFIG_TYPES_FILE } from '../../authoring/config-types-text';
import { asGenerator } from '../../authoring/generator-failure';
import { refuseHandWritten } from '../../authoring/refuse-hand-written';
import { recordConfigTypesFile, registerSync } from '../../authoring/sync-registration';
import { readWorkspaceTree } from '../../authoring/workspace-tree';
import type { ConfigTypesGeneratorSchema } from './schema';

/** Generates a module that reads an app's variables with their types. */
export const configTypesGenerator = asGenerator(async (tree: Tree, options: ConfigTypesGeneratorSchema) => {
  const workspace = await readWorkspaceTree(tree);
  const project = workspace.project(options.project);
  const relativeFile = checkedAnswer('typescriptFile', 'file', options.file ?? CONFIG_TYPES_FILE);
  const file = joinPathFragments(project.root, relativeFile);
  refuseHandWritten(tree, file, isConfigTypes, 'choose another: --file=src/config.ts');

  await writeConfigTypes(workspace, project, file);
  recordConfigTypesFile(tree, project.name, relativeFile);
  registerSync(tree);

  if (options.skipFormat !== true) await formatFiles(tree);
});

export default configTypesGenerator;
