import type { DiagnosticCode } from './codes';
import type { Range } from './range';

export type Severity = 'error' | 'warning';

/** A second place that contributes to a diagnostic, with the sentence that says how. */
export interface RelatedInformation {
  readonly range: Range;
  readonly message: string;
}

/** A fault in the user's text. `summary` is the reference evaluator's wording; `path` the document path, or empty. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly range: Range | null;
  readonly path: string;
  readonly hint?: string;
  readonly related?: readonly RelatedInformation[];
}

/** Tells whether any diagnostic is an error; warnings alone do not stop an evaluation. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
