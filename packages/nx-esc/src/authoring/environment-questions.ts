import { checkedAnswer } from './answers';
import { askText, canAsk, choose, chooseStacks } from './prompts';
import { parseSecretAnswer } from './secret-answer';
import { parseStackAnswer } from './stack-answer';
import type { TreeProject, WorkspaceTree } from './workspace-tree';

/** What an environment is made from, as far as the user has said it. */
export interface EnvironmentAnswers {
  readonly stacks?: readonly string[];
  readonly outputs?: readonly string[];
  readonly secrets?: readonly string[];
  readonly region?: string;
  readonly readerRole?: string;
}

/** Asks for what was not said, one question after another, as far as the answers before make it matter. */
export async function askForEnvironment(
  workspace: WorkspaceTree,
  project: TreeProject,
  given: EnvironmentAnswers,
): Promise<EnvironmentAnswers> {
  const stacks = given.stacks ?? (await chooseStacks(workspace, project.name));
  if (!canAsk()) return { ...given, stacks };
  const outputs = given.outputs ?? (await chooseOutputs(workspace, stacks));
  const secrets = given.secrets ?? (await askForSecrets(project.escProject));
  const answers = { ...given, stacks, secrets, ...(outputs !== undefined && { outputs }) };
  if (secrets.length === 0) return answers;
  const region = given.region ?? (await askFor('region', 'In which AWS region are they? (us-east-1 if left empty)'));
  const readerRole =
    given.readerRole ??
    (await askFor(
      'roleArn',
      'ARN of the IAM role that may read them? (if left empty, the credentials of the run are used)',
      'readerRole',
    ));
  return { ...answers, ...(region !== undefined && { region }), ...(readerRole !== undefined && { readerRole }) };
}

/** All are picked at first, and if they stay so nothing was chosen, as where no program of the stacks says which it has. */
async function chooseOutputs(
  { index }: WorkspaceTree,
  stacks: readonly string[],
): Promise<readonly string[] | undefined> {
  const outputs = stacks.flatMap((answer) => {
    const { key, pulumiProject, stack } = parseStackAnswer(answer);
    const owner = index.ownerOfStack(`${pulumiProject}/${stack ?? 'any'}`);
    const names = owner === undefined ? [] : (index.outputsOf(owner)?.names ?? []);
    return names.map((name) => `${key}.${name}`);
  });
  if (outputs.length === 0) return undefined;
  const choices = outputs.map((output) => ({ value: output, label: output }));
  const chosen = await choose('Which of their outputs become variables?', choices, outputs);
  if (chosen.length === outputs.length) return undefined;
  return chosen.length === 0 ? ['none'] : chosen;
}

async function askForSecrets(escProject: string): Promise<readonly string[]> {
  const split = (answer: string): string[] => answer.split(/\s+/).filter((word) => word !== '');
  const answer = await askText(
    'Which secrets of AWS Secrets Manager do they read? (such as: jwt database#url,password; none if left empty)',
    (given) => split(given).forEach((each) => parseSecretAnswer(each, escProject)),
  );
  return answer === undefined ? [] : split(answer);
}

async function askFor(kind: 'region' | 'roleArn', message: string, option: string = kind): Promise<string | undefined> {
  return askText(message, (answer) => checkedAnswer(kind, option, answer));
}
