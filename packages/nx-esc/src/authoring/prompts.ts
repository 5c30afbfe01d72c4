import { Failure } from '../failures/failure';
import { processEnvironment } from '../workspace/process-environment';
import type { WorkspaceTree } from './workspace-tree';

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Whether somebody is there to be asked: by the rules by which Nx itself asks. */
function canAsk(): boolean {
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
export async function choose(message: string, choices: readonly Choice[]): Promise<readonly string[]> {
  if (choices.length === 0 || !canAsk()) return [];
  const { isCancel, multiselect } = await import('@clack/prompts');
  const answer = await multiselect({ message, options: [...choices], required: false });
  if (!isCancel(answer)) return answer;
  throw new Failure({
    class: 'config',
    code: 'option-invalid',
    message: 'the question was not answered',
    hint: 'answer it, or run the generator with --no-interactive',
  });
}
