/** A place in a text: line and column 1-based (columns count code points), byte 0-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly byte: number;
}

/** A half-open stretch of the text of one environment. A synthetic range has no environment and zero positions. */
export interface Range {
  readonly environment?: string;
  readonly begin: Position;
  readonly end: Position;
}

const ZERO: Position = { line: 0, column: 0, byte: 0 };

/** Creates the range of a value that no text defines, optionally named after the environment that asked for it. */
export function createSyntheticRange(environment?: string): Range {
  return environment === undefined ? { begin: ZERO, end: ZERO } : { environment, begin: ZERO, end: ZERO };
}
