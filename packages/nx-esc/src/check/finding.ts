export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A place in a file; line and column are 1-based, columns count code points, the end is exclusive. */
export interface Place {
  /** Relative to the workspace. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly end?: { readonly line: number; readonly column: number };
}

/** Another place that has to do with a finding. */
export interface RelatedPlace extends Place {
  readonly message: string;
}

/** What is to stand in a stretch of the finding's file; in UTF-16 units. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change that removes the cause of a finding and keeps the meaning of the text. */
export interface Fix {
  /** What it does: `write api/base`. */
  readonly description: string;
  readonly edits: readonly TextEdit[];
}

/** One thing that a rule finds. */
export interface Finding {
  readonly place: Place;
  /** One line; never holds a value that may be secret. */
  readonly message: string;
  /** One line that says what to do. */
  readonly hint?: string;
  readonly fix?: Fix;
  readonly related?: readonly RelatedPlace[];
  /** Where this finding weighs less than the rule. A severity that is set for the rule weighs more than either. */
  readonly severity?: Severity;
}

/** A finding as it is reported: with the code of its rule, and the severity that it has here. */
export interface Problem extends Omit<Finding, 'severity'> {
  readonly code: string;
  readonly severity: Severity;
}
