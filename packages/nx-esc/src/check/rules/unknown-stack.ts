import type { CheckedProject } from '../checked-project';
import type { Finding } from '../finding';
import type { Rule } from '../rule';
import { hintNames, suggestName } from '../suggest-name';
import { locateReferences, type LocatedReference } from '../../workspace/facts/locate-references';

export const unknownStack: Rule = {
  code: 'unknown-stack',
  severity: 'error',
  summary: 'An environment or a program reads a stack that there is not.',
  async checkProject(project) {
    await project.loadStates();
    const { workspace, files } = project;
    const { index } = workspace;
    const own = [...project.environments.map(({ file }) => file), ...files.stacks.values()];
    const program = [
      ...(files.projectFile === undefined ? [] : [files.projectFile]),
      ...index.programOf(project.project),
    ];
    return [
      ...own.flatMap((file) => findUnknown(project, file, [''])),
      ...program.flatMap((file) => findUnknown(project, file, project.deployable)),
    ];
  },
};

function findUnknown(project: CheckedProject, file: string, runs: readonly string[]): Finding[] {
  const { index } = project.workspace;
  const isStack = ({ kind }: { readonly kind: string }): boolean =>
    kind === 'opened-stack' || kind === 'stack-reference';
  const wrong = index.referencesIn(file).flatMap((reference) => {
    const problem = isStack(reference) ? problemOf(project, reference.to, runs) : undefined;
    return problem === undefined ? [] : [{ reference, problem }];
  });
  if (wrong.length === 0) return [];
  const source = project.workspace.source(file);
  const located = source === undefined ? [] : locateReferences(file, source.text);
  return wrong.flatMap(({ reference, problem }) => {
    const places = located.filter(({ kind, to }) => kind === reference.kind && to === reference.to);
    return (places.length > 0 ? places : [{ line: 1, column: 1 }]).map((place) => ({
      place: placeOf(file, place, reference.to),
      ...problem,
    }));
  });
}

function placeOf(
  file: string,
  { line, column }: Pick<LocatedReference, 'line' | 'column'>,
  to: string,
): Finding['place'] {
  return to.includes('${') ? { file, line, column } : { file, line, column, end: { line, column: column + to.length } };
}

/** What is wrong with the name of a stack, for the runs in which it is read. */
function problemOf(
  { workspace }: CheckedProject,
  written: string,
  runs: readonly string[],
): Pick<Finding, 'message' | 'hint' | 'severity'> | undefined {
  const { index } = workspace;
  const names = [...new Set(runs.map((run) => written.replaceAll('${stack}', run)))];
  const [first = written] = names;
  const owner = index.ownerOfStack(first);
  const [, projectName = '', organization] = first.split('/').reverse();
  if (owner === undefined) {
    const isForeign =
      organization !== undefined && index.organization !== undefined && organization !== index.organization;
    if (isForeign || projectName.includes('${')) return undefined;
    const known = [...index.projects()].flatMap((each) =>
      each.files.projectFile === undefined ? [] : [index.pulumiProject(each).pulumiName],
    );
    const [stack = ''] = first.split('/').reverse();
    if (workspace.deployed?.of(`${projectName}/${stack}`) !== undefined) return undefined;
    return {
      message: `no Pulumi.yaml of the workspace names a project "${projectName}"`,
      hint: suggestName(projectName, known) ?? 'where the project lies in another repository, this cannot be checked',
      severity: 'warning',
    };
  }
  const missing = names.flatMap((name) => {
    const stack = name.slice(name.lastIndexOf('/') + 1);
    return stack.includes('${') || stack === '' || workspace.hasStack(owner, stack) ? [] : [stack];
  });
  const [stack] = missing;
  if (stack === undefined) return undefined;
  const { pulumiName } = index.pulumiProject(owner);

  return {
    message: `there is no stack "${pulumiName}/${stack}"`,
    hint: hintNames(stack, index.deployable(owner)),
  };
}
