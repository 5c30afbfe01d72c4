import type { DiagnosticCode } from './codes';
import type { Range } from './range';

export type Severity = 'error' | 'warning';

/** A second place that contributes to a diagnostic, with the sentence that says how. */
export interface RelatedInformation {
  readonly range: Range;
  readonly message: string;
}

/** What a property access that failed was looking into: how it was written, where that is defined, and what it has. */
export interface FailedAccess {
  readonly receiver: readonly (string | number)[];
  readonly definition: Range | null;
  readonly keys: readonly string[];
}

/**
 * A fault in the user's text. `summary` is the reference evaluator's wording; `path` the document path, or empty;
 * `place` where the fault lies, if the reference gives no range (an error of YAML's syntax).
 */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly range: Range | null;
  readonly place?: Range;
  readonly path: string;
  readonly hint?: string;
  readonly related?: readonly RelatedInformation[];
  readonly access?: FailedAccess;
}

/** Tells whether any diagnostic is an error; warnings alone do not stop an evaluation. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
