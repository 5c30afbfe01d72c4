import { formatFiles, joinPathFragments, type Tree } from '@nx/devkit';
import { invalidAnswer } from '../../authoring/answers';
import { deployedEnvironments, LOCAL } from '../../authoring/deployed-environments';
import type { StacksPlan } from '../../authoring/environment-plan';
import { localStackAdditionText, stackAdditionText } from '../../authoring/environment-text';
import { asGenerator } from '../../authoring/generator-failure';
import { mergeYaml } from '../../authoring/merge-yaml';
import { readExistingEnvironment } from '../../authoring/existing-environment';
import { type OutputAnswers, parseOutputAnswers, plannedOutputs } from '../../authoring/output-answer';
import { withDistinctVariables } from '../../authoring/planned-variables';
import { chooseStacks } from '../../authoring/prompts';
import { parseStackAnswer, type StackAnswer } from '../../authoring/stack-answer';
import { stackReferenceText } from '../../authoring/stack-reference-text';
import { readWorkspaceTree, type TreeProject, type WorkspaceTree } from '../../authoring/workspace-tree';
import { Failure } from '../../failures/failure';
import type { StackReferenceGeneratorSchema } from './schema';

/** Lets the environments or the program of a project read the outputs of a stack. */
export const stackReferenceGenerator = asGenerator(async (tree: Tree, options: StackReferenceGeneratorSchema) => {
  const workspace = await readWorkspaceTree(tree);
  const project = workspace.project(options.project);
  const stack = parseStackAnswer(options.stack ?? (await askForStack(workspace, project)), 'stack');

  const files =
    options.to === 'program'
      ? [programFile(workspace, project, stack)]
      : environmentFiles(workspace, project, stack, options);
  for (const [file, text] of files) if (text !== tree.read(file, 'utf8')) tree.write(file, text);

  if (options.skipFormat !== true) await formatFiles(tree);
});

export default stackReferenceGenerator;

type PlannedFile = readonly [file: string, text: string];

async function askForStack(workspace: WorkspaceTree, { name }: TreeProject): Promise<string> {
  const [chosen] = await chooseStacks(workspace, name);
  if (chosen !== undefined) return chosen;
  throw invalidAnswer('stack', '', 'write --stack=project, or --stack=project/stack');
}

function environmentFiles(
  workspace: WorkspaceTree,
  project: TreeProject,
  stack: StackAnswer,
  { environments, outputs }: StackReferenceGeneratorSchema,
): PlannedFile[] {
  const names = deployedEnvironments(workspace, project, environments);
  const isLocalIncluded = environments === undefined && project.files.environments.has(LOCAL);
  const answers = parseOutputAnswers(outputs?.map((output) => (output === 'none' ? output : `${stack.key}.${output}`)));
  return [...names, ...(isLocalIncluded ? [LOCAL] : [])].map((environment): PlannedFile => {
    const file = project.files.environments.get(environment) as string;
    const existing = workspace.tree.read(file, 'utf8') ?? '';
    const plan = stacksPlan(workspace, { stack, environment, existing, answers });
    const wanted = environment === LOCAL ? localStackAdditionText(plan) : stackAdditionText(plan);
    return [file, mergeYaml(existing, wanted, file)];
  });
}

function stacksPlan(
  { index }: WorkspaceTree,
  {
    stack,
    environment,
    existing,
    answers,
  }: {
    readonly stack: StackAnswer;
    readonly environment: string;
    readonly existing: string;
    readonly answers: OutputAnswers;
  },
): StacksPlan {
  const { stacksKey, variables } = readExistingEnvironment(existing);
  const planned = {
    key: stack.key,
    name: `${stack.pulumiProject}/${stack.stack ?? environment}`,
    outputs: plannedOutputs(stack.key, index.ownerOfStack(`${stack.pulumiProject}/${environment}`), index, answers),
  };
  const areChosen = answers !== undefined;
  // A stand-in has the name of what it stands in for.
  const taken = environment === LOCAL ? new Map<string, string>() : variables;
  return { stacksKey, stacks: withDistinctVariables({ stacks: [planned], stacksKey, existing: taken, areChosen }) };
}

function programFile({ index, tree }: WorkspaceTree, project: TreeProject, stack: StackAnswer): PlannedFile {
  const indexed = index.project(project.name);
  const [entry] = indexed === undefined ? [] : index.programOf(indexed);
  if (entry === undefined || !/\.[mc]?[jt]s$/.test(entry)) {
    throw new Failure({
      class: 'config',
      code: 'project-file-missing',
      message: `${project.name} has no Pulumi program in TypeScript`,
      hint: `add one: nx g nx-esc:stack ${project.name}`,
    });
  }
  const file = joinPathFragments(entry.slice(0, entry.lastIndexOf('/') + 1) || '.', `${stack.key}-stack.ts`);
  const owner = index.ownerOfStack(`${stack.pulumiProject}/${stack.stack ?? 'any'}`);
  const text = stackReferenceText({
    ...stack,
    outputs: owner === undefined ? [] : (index.outputsOf(owner)?.names ?? []),
  });
  return [file, tree.read(file, 'utf8') ?? text];
}
