import { formatFiles, joinPathFragments, type Tree } from '@nx/devkit';
import { checkedAnswer, invalidAnswer } from '../../authoring/answers';
import { deployedEnvironments, LOCAL } from '../../authoring/deployed-environments';
import {
  ENVRC_MARK,
  type EnvrcPlan,
  envrcText,
  MISE_SCRIPT,
  miseScriptText,
  miseText,
} from '../../authoring/envrc-text';
import { asGenerator } from '../../authoring/generator-failure';
import { addLines } from '../../authoring/ignore-file';
import { LOADER_FILE, LOADER_MARK, LOADER_TEXT } from '../../authoring/loader-text';
import { nextSteps } from '../../authoring/next-steps';
import { refuseHandWritten } from '../../authoring/refuse-hand-written';
import { seenVariables } from '../../authoring/seen-variables';
import { registerSync } from '../../authoring/sync-registration';
import { writeWatchBlocks } from '../../authoring/watch-blocks';
import { watchedFiles } from '../../authoring/watched-files';
import { readWorkspaceTree, type TreeProject, type WorkspaceTree } from '../../authoring/workspace-tree';
import { overlayFileOf } from '../../backends/local/overlay-file';
import { parseLifetime } from '../../session-cache/lifetime';
import { buildEntityGraph } from '../../workspace/entity-graph';
import type { DirenvGeneratorSchema } from './schema';

/** Has direnv, or mise, load an environment of a project in its folder. */
export const direnvGenerator = asGenerator(async (tree: Tree, options: DirenvGeneratorSchema) => {
  const workspace = await readWorkspaceTree(tree);
  const project = workspace.project(options.project);
  const plan = await planOf(workspace, project, options);
  const files = options.variant === 'mise' ? miseFiles(plan) : direnvFiles(plan, workspace);
  for (const [file] of files)
    refuseHandWritten(
      tree,
      file,
      (text) => text.startsWith(ENVRC_MARK) || text.startsWith(LOADER_MARK),
      'move it out of the way; what it sets can stand in .envrc.local or mise.local.toml',
    );

  for (const [file, text] of files) if (text !== tree.read(file, 'utf8')) tree.write(file, text);
  addLines(tree, '.gitignore', [options.variant === 'mise' ? 'mise.local.toml' : '.envrc.local']);
  if (options.variant !== 'mise') registerSync(tree);

  if (options.skipFormat !== true) await formatFiles(tree);
  return nextSteps(
    options.variant === 'mise' ? `mise trust ${project.root}/mise.toml` : `direnv allow ${project.root}`,
  );
});

export default direnvGenerator;

type PlannedFile = readonly [file: string, text: string];

async function planOf(
  workspace: WorkspaceTree,
  project: TreeProject,
  options: DirenvGeneratorSchema,
): Promise<EnvrcPlan> {
  const name = checkedAnswer('environment', 'environment', options.environment ?? LOCAL);
  deployedEnvironments(workspace, project, [name]);
  const environment = `${project.escProject}/${name}`;
  const { lifetime } = options;
  if (lifetime !== undefined) parseLifetime(checkedAnswer('lifetime', 'lifetime', lifetime));
  const file = project.files.environments.get(name) as string;
  return {
    root: project.root,
    environment,
    required: await requiredNames(workspace, environment, options.required),
    ...(lifetime !== undefined && { lifetime }),
    watched: [overlayFileOf(file), 'nx.json'],
  };
}

/** Those that were chosen, else all that the environment gives a value. */
async function requiredNames(
  workspace: WorkspaceTree,
  environment: string,
  chosen: readonly string[] | undefined,
): Promise<string[]> {
  const variables = await seenVariables(workspace, environment);
  const unknown = chosen?.find((name) => !variables.has(checkedAnswer('variable', 'required', name)));
  if (unknown !== undefined) {
    const names = [...variables.keys()].sort().join(', ');
    throw invalidAnswer('required', unknown, `${environment} has ${names === '' ? 'no variables' : names}`);
  }
  return [...(chosen ?? [...variables].filter(([, { isEmpty }]) => !isEmpty).map(([name]) => name))].sort();
}

function direnvFiles(plan: EnvrcPlan, { index }: WorkspaceTree): PlannedFile[] {
  const file = joinPathFragments(plan.root, '.envrc');
  const graph = buildEntityGraph(index);
  const text = writeWatchBlocks(file, envrcText(plan), (name) => watchedFiles(name, { graph, index }));
  return [
    [LOADER_FILE, LOADER_TEXT],
    [file, text],
  ];
}

function miseFiles(plan: EnvrcPlan): PlannedFile[] {
  return [
    [LOADER_FILE, LOADER_TEXT],
    [joinPathFragments(plan.root, MISE_SCRIPT), miseScriptText(plan)],
    [joinPathFragments(plan.root, 'mise.toml'), miseText()],
  ];
}
