/** What a failure is about; each class has its own exit code (docs/failures.md). */
export type FailureClass = 'config' | 'identity' | 'secrets' | 'tool' | 'deploy';

/** Whether nx-esc tries again by itself before it fails. */
export type RetryRule =
  /** Never: the answer would be the same. */
  | 'never'
  /** With exponential back-off and jitter, at most four times and 30 seconds in all. */
  | 'back-off'
  /** Once, with a new token. */
  | 'new-token';

/** What the documentation says about a code. */
export interface FailureEntry {
  readonly class: FailureClass;
  /** What has happened, in one line. */
  readonly meaning: string;
  /** What usually leads to it. */
  readonly causes: readonly string[];
  /** What to do about it. */
  readonly remedies: readonly string[];
  readonly retry?: RetryRule;
  /** The lines that it prints, without class and code. */
  readonly example: string;
}

/** The entries of one class. */
export function defineFailures<Code extends string>(
  failureClass: FailureClass,
  entries: Readonly<Record<Code, Omit<FailureEntry, 'class'>>>,
): Readonly<Record<Code, FailureEntry>> {
  const classified = Object.entries<Omit<FailureEntry, 'class'>>(entries).map(([code, entry]) => [
    code,
    { class: failureClass, ...entry },
  ]);
  return Object.fromEntries(classified) as Readonly<Record<Code, FailureEntry>>;
}
