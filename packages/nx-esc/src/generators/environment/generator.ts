import { formatFiles, joinPathFragments, type Tree } from '@nx/devkit';
import { checkedAnswer, invalidAnswer } from '../../authoring/answers';
import type { BasePlan, EnvironmentPlan, PlannedStack } from '../../authoring/environment-plan';
import { askForEnvironment } from '../../authoring/environment-questions';
import { baseText, deployedText, localText } from '../../authoring/environment-text';
import { LOCAL } from '../../authoring/deployed-environments';
import { asGenerator } from '../../authoring/generator-failure';
import { mergeYaml } from '../../authoring/merge-yaml';
import { readExistingEnvironment } from '../../authoring/existing-environment';
import { parseOutputAnswers, plannedOutputs } from '../../authoring/output-answer';
import { withDistinctVariables } from '../../authoring/planned-variables';
import { parseSecretAnswer, secretVariables } from '../../authoring/secret-answer';
import { parseStackAnswer, type StackAnswer } from '../../authoring/stack-answer';
import { readWorkspaceTree, type TreeProject, type WorkspaceTree } from '../../authoring/workspace-tree';
import type { EnvironmentGeneratorSchema } from './schema';

const BASE = 'base';

/** Adds the environments of an app, as files beside it. */
export const environmentGenerator = asGenerator(async (tree: Tree, options: EnvironmentGeneratorSchema) => {
  const workspace = await readWorkspaceTree(tree);
  const project = workspace.project(options.project);
  const answers = await askForEnvironment(workspace, project, options);
  const request = normalizeOptions({ ...options, ...answers }, project);

  const files = textsOf(request, workspace).map(([environment, text]) => mergedFile(tree, project, environment, text));
  for (const [file, text] of files) if (text !== tree.read(file, 'utf8')) tree.write(file, text);

  if (options.skipFormat !== true) await formatFiles(tree);
});

export default environmentGenerator;

interface EnvironmentRequest {
  readonly base: BasePlan;
  readonly project: TreeProject;
  readonly environments: readonly string[];
  readonly stacks: readonly StackAnswer[];
  readonly outputs: ReturnType<typeof parseOutputAnswers>;
  readonly secrets: EnvironmentPlan['secrets'];
}

function normalizeOptions(options: EnvironmentGeneratorSchema, project: TreeProject): EnvironmentRequest {
  const { region = 'us-east-1', domain = 'example.com', port = 8080, readerRole } = options;
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw invalidAnswer('port', String(port), 'write a port');
  const environments = (options.environments ?? [LOCAL, 'staging', 'prod'])
    .filter((environment) => environment !== BASE)
    .map((environment) => checkedAnswer('environment', 'environments', environment));
  return {
    project,
    environments,
    stacks: (options.stacks ?? []).map((answer) => parseStackAnswer(answer)),
    outputs: parseOutputAnswers(options.outputs),
    secrets: (options.secrets ?? []).map((answer) => parseSecretAnswer(answer, project.escProject)),
    base: {
      escProject: project.escProject,
      region: checkedAnswer('region', 'region', region),
      domain: checkedAnswer('domain', 'domain', domain),
      port,
      ...(readerRole !== undefined && { readerRole: checkedAnswer('roleArn', 'readerRole', readerRole) }),
    },
  };
}

/** The text that each environment is to hold. */
function textsOf(request: EnvironmentRequest, workspace: WorkspaceTree): [environment: string, text: string][] {
  const { base, environments } = request;
  return [
    [BASE, baseText(base)],
    ...environments.map((environment): [string, string] => {
      const plan = planOf(environment, request, workspace);
      return [environment, environment === LOCAL ? localText(plan) : deployedText(plan)];
    }),
  ];
}

function planOf(environment: string, request: EnvironmentRequest, { tree, index }: WorkspaceTree): EnvironmentPlan {
  const { base, project, stacks, outputs, secrets } = request;
  const file = project.files.environments.get(environment);
  const existing = readExistingEnvironment(file === undefined ? '' : (tree.read(file, 'utf8') ?? ''));
  const { stacksKey, secretsKey } = existing;
  // A stand-in has the name of what it stands in for.
  const variables = environment === LOCAL ? [] : existing.variables;
  const planned = withDistinctVariables({
    stacks: stacks.map(({ key, pulumiProject, stack }) => ({
      key,
      name: `${pulumiProject}/${stack ?? environment}`,
      outputs: plannedOutputs(key, index.ownerOfStack(`${pulumiProject}/${environment}`), index, outputs),
    })),
    stacksKey,
    existing: new Map([...variables, ...ownVariables(secrets, secretsKey)]),
    areChosen: outputs !== undefined,
  });
  return {
    ...base,
    environment,
    secrets,
    stacks: [...planned, ...ownStack(project, environment, planned, index)],
    stacksKey,
    secretsKey,
  };
}

/** The variables of a deployed environment that are not outputs. */
function ownVariables(secrets: EnvironmentPlan['secrets'], secretsKey: string): [name: string, value: string][] {
  const properties = secrets.flatMap((secret) => secretVariables(secret, secretsKey));
  return [
    ['API_URL', ''],
    ['PORT', ''],
    ...properties.map(([name, property]): [string, string] => [name, `\${${property}}`]),
  ];
}

/** The app's own stack, where other stacks are read too and the app has one. */
function ownStack(
  project: TreeProject,
  environment: string,
  planned: readonly PlannedStack[],
  index: WorkspaceTree['index'],
): PlannedStack[] {
  const indexed = index.project(project.name);
  if (planned.length === 0 || indexed?.files.projectFile === undefined) return [];
  const { pulumiName } = index.pulumiProject(indexed);
  const name = `${pulumiName}/${environment}`;
  if (planned.some((stack) => stack.name === name)) return [];
  return [{ key: pulumiName.replaceAll(/[^A-Za-z0-9_-]/g, '-'), name, outputs: [], isOwn: true }];
}

/** The file of an environment, and what it says once it holds a text. */
function mergedFile(tree: Tree, { root, files }: TreeProject, environment: string, text: string): [string, string] {
  const file = files.environments.get(environment) ?? joinPathFragments(root, 'esc', `${environment}.yaml`);
  const existing = tree.read(file, 'utf8');
  return [file, existing === null ? text : mergeYaml(existing, text, file)];
}
