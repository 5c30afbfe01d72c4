import { entriesOf, type ExportedValue, findProperty, type FunctionCall, type Range } from 'esc-eval';
import type { LocatedDiagnostic } from '../backends/backend';
import { explain } from '../backends/local/diagnostic-failure';
import type { CheckedProject, Evaluation } from './checked-project';
import { accessesIn, stepsOf, type WrittenAccess, writtenPath } from './reading/declared-values';
import { givesTexts } from './reading/checked-providers';
import type { Finding } from './finding';
import { hintNames } from './suggest-name';

type Worded = Pick<Finding, 'message'> & Partial<Finding>;
type Steps = readonly (string | number)[];

/** The language's words for a step into what has none. */
export const NO_OBJECT = 'receiver must be an array or an object';

/** Words an access that leads nowhere, with what to write instead. */
export function explainFailedAccess(
  project: CheckedProject,
  evaluation: Evaluation,
  diagnostic: LocatedDiagnostic,
  file: string,
): Worded {
  const explained = explain(diagnostic, { stacks: evaluation.stacks });
  const plain: Worded = {
    message: explained.message.replace(/; did you mean ".*"\?$/s, ''),
    ...(explained.hint !== undefined && { hint: explained.hint }),
  };
  if (explained.code === 'output-missing') return explainOutput(plain, diagnostic);
  const found = findAccess(project, evaluation, diagnostic.range, file);
  if (found === undefined) return { ...plain, ...suggestionOf(diagnostic.summary) };
  const steps = stepsOf(found.access);
  const { root } = evaluation.inspection;
  const at = failedStep(found, diagnostic) ?? firstMissing(root, steps);
  if (diagnostic.code === 'invalid-access') {
    if (diagnostic.summary !== NO_OBJECT) return { ...plain, message: `\${${writtenPath(steps)}}: ${plain.message}` };
    return explainIndex(plain, steps, failedStep(found, diagnostic) ?? textStep(project, evaluation, steps, file));
  }
  if (at === 0)
    return explainRoot(project, evaluation, steps, file) ?? { ...plain, ...suggestionOf(diagnostic.summary) };
  const keys = diagnostic.access?.keys ?? [...entriesOf(findProperty(root, steps.slice(0, at))).keys()];
  return {
    message: `\${${writtenPath(steps.slice(0, at))}} has no ${JSON.stringify(steps[at])}`,
    hint: hintNames(String(steps[at]), keys),
  };
}

/** The first step that leads to nothing; the last one where all seem to lead somewhere. */
function firstMissing(root: ExportedValue, steps: Steps): number {
  const at = steps.findIndex((_, index) => findProperty(root, steps.slice(0, index + 1)) === undefined);
  return at < 0 ? steps.length - 1 : at;
}

function explainOutput(plain: Worded, { access, summary }: LocatedDiagnostic): Worded {
  const [, written = ''] = /^unknown property "(.*?)"/s.exec(summary) ?? [];
  return { ...plain, hint: hintNames(written, access?.keys ?? []) };
}

function suggestionOf(summary: string): { readonly hint?: string } {
  const [, nearest] = /; did you mean "(.*)"\?$/s.exec(summary) ?? [];
  return nearest === undefined ? {} : { hint: `did you mean "${nearest}"?` };
}

function explainIndex(plain: Worded, steps: Steps, at: number | undefined): Worded {
  if (at === undefined || at === 0)
    return { ...plain, message: `\${${writtenPath(steps)}} leads into what is no object` };
  const receiver = writtenPath(steps.slice(0, at));
  return {
    message: `\${${receiver}} is no object: it has no ${JSON.stringify(steps[at])}`,
    hint: `where it is a text that holds JSON, parse it: { fn::fromJSON: "\${${receiver}}" } gives ${JSON.stringify(steps[at])}`,
  };
}

/** `${stacks.infra.x}` for `${infra.infra.x}`: what is written is often the name of a provider's input, or of a stack. */
function explainRoot(
  project: CheckedProject,
  { inspection }: Evaluation,
  steps: Steps,
  file: string,
): Worded | undefined {
  const [first, second] = steps;
  if (typeof first !== 'string') return undefined;
  const message = `unknown value ${JSON.stringify(first)}`;
  for (const { root, stacks } of openedStacks(project, file)) {
    const stack = [second, first].find((name) => typeof name === 'string' && stacks.includes(name));
    if (stack === undefined) continue;
    const rest = steps.slice(steps.indexOf(stack) + 1);
    return { message, hint: `write \${${writtenPath([root, stack, ...rest])}}: the stacks are opened as "${root}"` };
  }
  return { message, hint: hintNames(first, [...entriesOf(inspection.root).keys()]) };
}

/** Values of the environment in a file, and of those that it builds on, that open stacks; with the stacks' keys. */
function openedStacks(project: CheckedProject, file: string): { readonly root: string; readonly stacks: string[] }[] {
  const { workspace } = project;
  const environment = workspace.environmentAt(file);
  if (environment === undefined) return [];
  return [...workspace.allOf(environment).values()].flatMap(({ path, expression }) => {
    const [root] = path;
    if (path.length !== 1 || root === undefined || expression.kind !== 'call') return [];
    return expression.name === 'fn::open::pulumi-stacks' ? [{ root, stacks: stackKeys(expression) }] : [];
  });
}

function stackKeys({ argument }: FunctionCall): string[] {
  const stacks = argument.kind === 'object' ? argument.entries.find(({ key }) => key === 'stacks')?.value : undefined;
  return stacks?.kind === 'object' ? stacks.entries.map(({ key }) => key) : [];
}

/** The access that a diagnostic is about: by its step's place, or by that of its only access. */
function findAccess(
  project: CheckedProject,
  { inspection }: Evaluation,
  range: Range | null,
  file: string,
): WrittenAccess | undefined {
  if (range === null) return undefined;
  const { workspace } = project;
  const environment = workspace.environmentAt(file);
  const document = project.stackFiles.find((each) => each.file.source.file === file)?.document;
  const declaration = (environment === undefined ? document?.parsed : workspace.parsed(environment))?.declaration;
  if (!declaration || inspection.root === undefined) return undefined;
  const all = [...accessesIn(declaration)];
  const exact = all.find(({ access }) => access.accessors.some((accessor) => isAt(accessor.range, range)));
  if (exact !== undefined) return exact;
  const within = all.filter(({ expression }) => isAt(expression.range, range));
  return within.length === 1 ? within[0] : undefined;
}

function failedStep({ access }: WrittenAccess, { range, access: failed }: LocatedDiagnostic): number | undefined {
  const at = access.accessors.findIndex((accessor) => isAt(accessor.range, range));
  return at >= 0 ? at : failed?.receiver.length;
}

/** How many steps lead to a text, where the access has no places of its own: it stands between quotes. */
function textStep(project: CheckedProject, { inspection }: Evaluation, steps: Steps, file: string): number | undefined {
  const { workspace } = project;
  const environment = workspace.environmentAt(file);
  const root = environment === undefined ? undefined : workspace.allOf(environment).get(String(steps[0]));
  const provider = root?.expression.kind === 'call' ? root.expression.name.replace('fn::open::', '') : '';
  if (givesTexts(provider)) return 2;
  for (let length = 1; length < steps.length; length += 1) {
    if (typeof findProperty(inspection.root, steps.slice(0, length))?.value === 'string') return length;
  }
  return undefined;
}

function isAt(range: Range | null, other: Range | null): boolean {
  return (
    range !== null &&
    other !== null &&
    range.begin.line === other.begin.line &&
    range.begin.column === other.begin.column
  );
}
