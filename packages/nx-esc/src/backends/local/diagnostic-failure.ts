import { formatCodeFrame } from 'esc-eval';
import { describeLocation } from '../../failures/describe-failure';
import { Failure, type FailureClass, type FailureCode } from '../../failures/failure';
import type { LocatedDiagnostic, OpenedStack } from '../backend';
import { hideSecretTexts } from './hide-secret-texts';

export interface FailureContext {
  readonly workspaceRoot: string;
  readonly sourceOf: (file: string) => string | undefined;
  readonly stacks: readonly OpenedStack[];
  /** Failures of providers, by their message. */
  readonly providerFailures: ReadonlyMap<string, Failure>;
}

/**
 * Makes one failure of the errors of an evaluation: the first of them, with all of them and their lines as details. What
 * is wrong with the definitions comes first: it stays wrong when whatever else failed works again.
 */
export function failureOfDiagnostics(errors: readonly LocatedDiagnostic[], context: FailureContext): Failure {
  const first = errors.find((error) => classOf(error, context) === 'config') ?? errors[0];
  if (first === undefined) throw new Error('no diagnostics to report');
  const explained = explain(first, context);
  const provider = context.providerFailures.get(first.summary);
  const hint = explained.hint ?? provider?.hint;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  return new Failure({
    class: classOf(first, context),
    code: provider?.code ?? explained.code,
    message: `${explained.message}${more}`,
    ...(hint !== undefined && { hint }),
    ...(first.file !== undefined && { location: locationOf(first, first.file) }),
    details: [first, ...errors.filter((error) => error !== first)].flatMap((error) => [
      ...(error === first ? [] : [`${classified(error, context)}${explain(error, context).message}`]),
      ...(context.providerFailures.get(error.summary)?.details ?? []),
      ...frameOf(error, context),
    ]),
  });
}

/** A failure of a provider has a class of its own, and so has what a store of secrets holds; all else is in the definitions. */
function classOf({ summary, secret }: LocatedDiagnostic, { providerFailures }: FailureContext): FailureClass {
  return providerFailures.get(summary)?.failureClass ?? (secret === undefined ? 'config' : 'secrets');
}

function classified(error: LocatedDiagnostic, context: FailureContext): string {
  const provider = context.providerFailures.get(error.summary);
  const kind =
    provider === undefined && error.secret === undefined
      ? ''
      : `${classOf(error, context)}/${provider?.code ?? explain(error, context).code}: `;
  return `${kind}${placeOf(error, context.workspaceRoot)}`;
}

/** Prints a diagnostic on one line, with the place it is about. */
export function describeDiagnostic(diagnostic: LocatedDiagnostic, workspaceRoot: string): string {
  const hint = diagnostic.hint === undefined ? '' : ` (${diagnostic.hint})`;
  return `${placeOf(diagnostic, workspaceRoot)}${diagnostic.summary}${hint}`;
}

/** What a diagnostic says, in the words of a workspace. */
export interface Explanation {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint?: string;
}

/** Words a diagnostic for people: an unknown property of a stack is an output that it lacks. */
export function explain(diagnostic: LocatedDiagnostic, { stacks }: Pick<FailureContext, 'stacks'>): Explanation {
  const { code, summary, access, hint, secret } = diagnostic;
  // Which character is wrong would tell of the secret.
  if (code === 'decoding-failed' && secret !== undefined)
    return { code: 'secret-not-json', message: `${secret} is not JSON`, hint: 'use it as a text, or store JSON' };
  if (code === 'provider-failed' && /has not been deployed$/.test(summary))
    return { code: 'stack-not-deployed', message: summary, ...(hint && { hint }) };
  if (code === 'provider-failed' && /^there is no stack/.test(summary))
    return { code: 'stack-not-found', message: summary, ...(hint && { hint }) };
  // The line that go-yaml names is that of the construct around the fault; the place is exact.
  if (code === 'yaml-syntax') return { code, message: summary.replace(/^yaml: (line \d+: )?/, '') };
  if (access === undefined) return { code, message: summary, ...(hint && { hint }) };
  const stack = stacks.find(({ key, outputs }) => key === access.receiver.at(-1) && isSame(outputs, access.keys));
  const has = access.keys.length === 0 ? 'it has none' : `it has: ${[...access.keys].sort().join(', ')}`;
  if (stack === undefined) return { code, message: summary, hint: has };
  const message = summary.replace(/^unknown property/, `stack "${stack.name}" has no output`);
  return { code: 'output-missing', message, hint: has };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}

function locationOf({ range }: LocatedDiagnostic, file: string): { file: string; line?: number; column?: number } {
  return range === null || range.begin.line === 0
    ? { file }
    : { file, line: range.begin.line, column: range.begin.column };
}

function placeOf(diagnostic: LocatedDiagnostic, workspaceRoot: string): string {
  if (diagnostic.file === undefined) return '';
  return `${describeLocation(locationOf(diagnostic, diagnostic.file), workspaceRoot)}: `;
}

function frameOf({ range, file }: LocatedDiagnostic, { sourceOf }: FailureContext): string[] {
  const source = file === undefined ? undefined : sourceOf(file);
  const frame = source === undefined || range === null ? undefined : formatCodeFrame(hideSecretTexts(source), range);
  return frame === undefined ? [] : frame.split('\n');
}
