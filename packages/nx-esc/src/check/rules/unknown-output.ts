import { parseStackName, shortStackName } from '../../pulumi/stack-name';
import type { CheckedProject } from '../checked-project';
import type { Finding } from '../finding';
import { languageFindings } from '../language-findings';
import { requestedOutputs, type RequestedOutput } from '../reading/program-outputs';
import type { Rule } from '../rule';
import { hintNames } from '../suggest-name';

export const unknownOutput: Rule = {
  code: 'unknown-output',
  severity: 'error',
  summary: 'A stack has no output of that name: neither its program nor its state knows it.',
  async checkProject(project) {
    await project.loadStates();
    const { workspace } = project;
    const requested = workspace.index.programOf(project.project).flatMap((file) => {
      const hasReferences = workspace.index.referencesIn(file).some(({ kind }) => kind === 'stack-reference');
      const source = hasReferences ? workspace.source(file) : undefined;
      return source === undefined ? [] : requestedOutputs(source);
    });
    return [
      ...((await languageFindings(project)).get('unknown-output') ?? []),
      ...requested.flatMap((each) => judge(project, each)),
    ];
  },
};

/** An output of a program's stack reference, for the first stack of the project for which it is missing. */
function judge({ workspace, deployable }: CheckedProject, { stack, output, place }: RequestedOutput): Finding[] {
  for (const run of deployable) {
    const name = parseStackName(stack.replaceAll('${stack}', run).replace('${?}/', ''));
    const known = name === undefined ? undefined : workspace.outputsOf(name);
    if (name === undefined || known === undefined || known.includes(output)) continue;
    const message = `stack "${shortStackName(name)}" has no output "${output}"`;
    return [{ place, message, hint: hintNames(output, known) }];
  }
  return [];
}
