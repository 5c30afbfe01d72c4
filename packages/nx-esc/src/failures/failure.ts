import type { DiagnosticCode } from 'esc-eval';
import type { CatalogueCode, FailureClass } from './catalogue';

export type { FailureClass } from './catalogue';

/** A code of the catalogue, or one of the language. */
export type FailureCode = CatalogueCode | DiagnosticCode;

/** Exit codes of the `nx-esc` command, one per class; a fault of our own is 70. */
export const EXIT_CODES: Readonly<Record<FailureClass | 'internal', number>> = {
  config: 10,
  identity: 20,
  secrets: 30,
  tool: 40,
  deploy: 50,
  internal: 70,
};

/** Where in a file a failure comes from; line and column are 1-based. */
export interface FailureLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface FailureDetails {
  readonly class: FailureClass;
  /** Stable, and documented: a new one is an entry of catalogue/. */
  readonly code: FailureCode;
  /** One line that says what happened; never holds a secret value. */
  readonly message: string;
  /** One line that says what to do. */
  readonly hint?: string;
  readonly location?: FailureLocation;
  /** Further lines (one per diagnostic) where one run found several faults. */
  readonly details?: readonly string[];
  /** Overrides the exit code of the class, e.g. that of a child process or 130 for an interrupt. */
  readonly exitCode?: number;
}

/** An expected failure: printed as its message and hint, without a stack trace. */
export class Failure extends Error {
  readonly failureClass: FailureClass;
  readonly code: FailureCode;
  readonly hint?: string;
  readonly location?: FailureLocation;
  readonly details: readonly string[];
  readonly exitCode: number;

  constructor(details: FailureDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'Failure';
    this.failureClass = details.class;
    this.code = details.code;
    this.hint = details.hint;
    this.location = details.location;
    this.details = details.details ?? [];
    this.exitCode = details.exitCode ?? EXIT_CODES[details.class];
  }

  /** This failure, and another of the same run in its details. */
  beside(other: Failure): Failure {
    const { failureClass, code, message, hint, location, details, exitCode } = this;
    return new Failure(
      {
        class: failureClass,
        code,
        message,
        exitCode,
        ...(hint !== undefined && { hint }),
        ...(location !== undefined && { location }),
        details: [...details, `also ${other.failureClass}/${other.code}: ${other.message}`, ...other.details],
      },
      { cause: other },
    );
  }
}
