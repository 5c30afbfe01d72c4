import { readFileSync } from 'node:fs';
import type { DiagnosticCode } from 'esc-eval';
import { Failure } from '../../failures/failure';
import type { LocatedDiagnostic } from '../backend';
import { failureOfDiagnostics } from '../local/diagnostic-failure';
import type { EnvironmentIndex } from '../local/environment-index';
import { parseEnvironmentName } from '../local/environment-name';
import type { ApiDiagnostic } from './api-values';

/** Whose diagnostics they are: names that stand for the root, and its file. */
export interface DiagnosedRoot {
  readonly workspaceRoot: string;
  readonly index: EnvironmentIndex;
  readonly file: string | undefined;
}

/** Names that services give to documents without a name. */
const ANONYMOUS: ReadonlySet<string> = new Set(['', '<yaml>', 'yaml']);
/** The service tells texts alone; its evaluator words them as the reference does. */
const CODES: readonly (readonly [RegExp, DiagnosticCode])[] = [
  [/^yaml:/, 'yaml-syntax'],
  [/^unknown property/, 'unknown-property'],
  [/^unknown provider/, 'unknown-provider'],
  [/^cyclic import/, 'cyclic-import'],
  [/^cyclic reference/, 'cyclic-reference'],
  [/^decrypting/, 'decryption-failed'],
  [/environment .* not found|there is no environment/, 'import-failed'],
];

/** Gives diagnostics of a service the files of the workspace that they are about. */
export function locateDiagnostics(diagnostics: readonly ApiDiagnostic[], root: DiagnosedRoot): LocatedDiagnostic[] {
  return diagnostics.map(({ summary, detail, severity, range }) => {
    const file = range === null ? root.file : fileOfRange(range.environment, root);
    return {
      severity,
      code: CODES.find(([pattern]) => pattern.test(summary))?.[1] ?? 'internal',
      summary,
      range,
      path: '',
      file,
      ...(detail !== undefined && { hint: detail }),
    };
  });
}

/** The file of an environment that the service names; undefined where the workspace has none. */
export function fileOfRange(environment: string | undefined, { index, file }: DiagnosedRoot): string | undefined {
  if (environment === undefined || ANONYMOUS.has(environment)) return file;
  const parsed = parseEnvironmentName(environment);
  return parsed === undefined ? undefined : index.fileOf(`${parsed.project ?? 'default'}/${parsed.environment}`);
}

/** Makes one failure of the errors that a service finds. */
export function failureOfDefinition(diagnostics: readonly ApiDiagnostic[], root: DiagnosedRoot): Failure {
  const errors = locateDiagnostics(diagnostics, root).filter(({ severity }) => severity === 'error');
  const failure = failureOfDiagnostics(errors, {
    workspaceRoot: root.workspaceRoot,
    sourceOf: sourceOf,
    stacks: [],
    providerFailures: new Map(),
  });
  if (failure.code !== 'internal') return failure;
  const { message, hint, location, details } = failure;
  return new Failure({
    class: 'config',
    code: 'environment-invalid',
    message,
    details,
    ...(hint !== undefined && { hint }),
    ...(location !== undefined && { location }),
  });
}

function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
