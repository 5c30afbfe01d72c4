import type { CheckedWorkspace } from '../checked-workspace';
import type { Problem, Severity } from '../finding';
import type { Rule } from '../rule';

/** What a check has found, to be written in one of the formats. */
export interface CheckReport {
  readonly workspace: CheckedWorkspace;
  readonly problems: readonly Problem[];
  readonly rules: readonly Rule[];
  /** What `--fix` has changed. */
  readonly fixed: readonly Problem[];
  /** How many projects were checked. */
  readonly projects: number;
  /** Version of nx-esc. */
  readonly version: string;
}

export function countBySeverity(problems: readonly Problem[]): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of problems) counts[severity] += 1;
  return counts;
}
