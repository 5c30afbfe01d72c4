import { relative } from 'node:path';
import { entriesOf, EscNumber, type ExportedValue, findProperty, type Range } from 'esc-eval';
import type { CheckedProject, Evaluation } from '../checked-project';
import { declaredValues } from './declared-values';
import type { Place } from '../finding';

/** What programs get of an environment. */
export const SECTIONS = ['environmentVariables', 'pulumiConfig', 'files'] as const;
const INCOMPLETE = /^(?:import-|cyclic-import|yaml-)/;
export type Section = (typeof SECTIONS)[number];

/** What the project is deployed with for one environment. */
export interface ReceivedEnvironment {
  readonly environment: string;
  readonly evaluation: Evaluation;
}

/** What a project receives for each environment that it is deployed for, where that can be evaluated. */
export async function receivedEnvironments(project: CheckedProject): Promise<ReceivedEnvironment[]> {
  const received: ReceivedEnvironment[] = [];
  for (const environment of project.deployable) {
    const evaluation = await project.receivedBy(environment);
    if (evaluation !== undefined && isComplete(evaluation)) received.push({ environment, evaluation });
  }
  return received;
}

/** Tells whether nothing is missing for want of an import. */
function isComplete({ inspection: { isEvaluated, diagnostics } }: Evaluation): boolean {
  return isEvaluated && !diagnostics.some(({ code, severity }) => severity === 'error' && INCOMPLETE.test(code));
}

export function sectionOf({ evaluation }: ReceivedEnvironment, section: Section): ReadonlyMap<string, ExportedValue> {
  return entriesOf(findProperty(evaluation.inspection.root, [section]));
}

/** Where a value is defined; undefined for what no file of the workspace defines. */
export function placeOfValue(
  { workspace }: CheckedProject,
  { evaluation }: ReceivedEnvironment,
  range: Range,
): Place | undefined {
  const file = evaluation.inspection.fileOf(range.environment);
  if (file === undefined || range.begin.line === 0) return undefined;
  return workspace.source(relative(workspace.root, file).replaceAll('\\', '/'))?.placeOf(range);
}

/** Where a key would have to be added: the section in the environment's own file, or the file. */
export function placeOfSection(project: CheckedProject, environment: string, section: Section): Place {
  const document = project.documents.find((each) => each.environment === environment);
  if (document === undefined) {
    const file = project.files.stacks.get(environment) ?? project.files.projectFile ?? project.files.root;
    return { file, line: 1, column: 1 };
  }
  const declared = declaredValues(document.parsed.declaration).find(
    ({ path: [first, second] }) => first === section && second === undefined,
  );
  return declared === undefined ? document.source.placeAt(0) : document.source.placeOf(declared.keyRange);
}

/** Names the type of a value; undefined where it is not known before something is opened. */
export function typeOf({ value, unknown }: ExportedValue): string | undefined {
  if (unknown === true || value === null) return undefined;
  if (value instanceof EscNumber) return 'a number';
  if (value instanceof Map) return 'a mapping';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'boolean' ? 'true or false' : 'a text';
}
