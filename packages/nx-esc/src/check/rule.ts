import type { CheckedProject } from './checked-project';
import type { CheckedWorkspace } from './checked-workspace';
import type { Finding, Severity } from './finding';

export type Findings = readonly Finding[] | Promise<readonly Finding[]>;

/**
 * A rule of `nx-esc check`. What it finds in a project rests on the files of that project's check target alone, since
 * Nx caches the result by them; what needs the whole workspace is asked of `checkWorkspace`.
 */
export interface Rule {
  /** Kebab-case, stable across releases; docs/check/<code>.md explains it. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence that says what is wrong where the rule finds something. */
  readonly summary: string;
  checkProject?(project: CheckedProject): Findings;
  checkWorkspace?(workspace: CheckedWorkspace): Findings;
}
