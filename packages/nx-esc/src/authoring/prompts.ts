import { Failure } from '../failures/failure';
import { processEnvironment } from '../workspace/process-environment';
import type { WorkspaceTree } from './workspace-tree';

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Whether somebody is there to be asked: by the rules by which Nx itself asks. */
export function canAsk(): boolean {
  const { CI, NX_INTERACTIVE } = processEnvironment();
  return process.stdout.isTTY && CI !== 'true' && NX_INTERACTIVE !== 'false';
}

/** Lets the user pick stacks from those in the workspace; none where nobody can be asked, or there are none. */
export async function chooseStacks({ index }: WorkspaceTree, askedBy: string): Promise<readonly string[]> {
  const choices = [...index.projects()].flatMap((project): Choice[] => {
    if (project.name === askedBy || project.files.projectFile === undefined) return [];
    const { pulumiName } = index.pulumiProject(project);
    const outputs = index.outputsOf(project)?.names ?? [];
    const shown = outputs.length === 0 ? '' : ` (${outputs.join(', ')})`;
    return [{ value: pulumiName, label: `${pulumiName}${shown}` }];
  });
  return choose('Which stacks do the deployed environments read?', choices);
}

/** Lets the user pick some of several; none where nobody can be asked. */
export async function choose(
  message: string,
  choices: readonly Choice[],
  initialValues: readonly string[] = [],
): Promise<readonly string[]> {
  if (choices.length === 0 || !canAsk()) return [];
  const { isCancel, multiselect } = await import('@clack/prompts');
  const options = { message, options: [...choices], initialValues: [...initialValues], required: false };
  const answer = await multiselect(options);
  if (!isCancel(answer)) return answer;
  throw unanswered();
}

/** Asks for a text until `check` takes it; undefined for no answer, and where nobody can be asked. */
export async function askText(message: string, check: (answer: string) => void): Promise<string | undefined> {
  if (!canAsk()) return undefined;
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({ message, validate: (given) => (given ? complaintOf(() => check(given)) : undefined) });
  if (isCancel(answer)) throw unanswered();
  return answer === '' ? undefined : answer;
}

function complaintOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.hint ?? error.message;
  }
}

function unanswered(): Failure {
  return new Failure({
    class: 'config',
    code: 'option-invalid',
    message: 'the question was not answered',
    hint: 'answer it, or run the generator with --no-interactive',
  });
}
