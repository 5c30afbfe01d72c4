import { CheckedProject } from './checked-project';
import type { CheckedWorkspace } from './checked-workspace';
import type { Finding, Problem } from './finding';
import type { Rule } from './rule';
import type { CheckScope } from './scope';
import type { Severities } from './severities';

export interface CheckRequest {
  readonly workspace: CheckedWorkspace;
  readonly scope: CheckScope;
  readonly rules: readonly Rule[];
  readonly severities: Severities;
}

/** Runs the rules on what is to be checked, and sorts what they find by place; what several find at once is told once. */
export async function runCheck({ workspace, scope, rules, severities }: CheckRequest): Promise<Problem[]> {
  const active = rules.filter((rule) => severities.isOn(rule));
  const problems = new Map<string, Problem>();
  const take = (rule: Rule, findings: readonly Finding[], files: ReadonlySet<string> | undefined): void => {
    for (const finding of findings) {
      const { place, message } = finding;
      if (files !== undefined && !files.has(place.file)) continue;
      const id = JSON.stringify([place.file, place.line, place.column, rule.code, message]);
      if (!problems.has(id)) problems.set(id, { ...finding, code: rule.code, severity: severities.of(rule, finding) });
    }
  };
  for (const { project, files } of scope.projects) {
    workspace.signal.throwIfAborted();
    const checked = new CheckedProject(workspace, project);
    for (const rule of active) take(rule, (await rule.checkProject?.(checked)) ?? [], files);
  }
  if (scope.workspace !== false) {
    const files = scope.workspace === true ? undefined : scope.workspace;
    for (const rule of active) take(rule, (await rule.checkWorkspace?.(workspace)) ?? [], files);
  }
  return [...problems.values()].sort(byPlace);
}

function byPlace(a: Problem, b: Problem): number {
  return (
    compare(a.place.file, b.place.file) ||
    a.place.line - b.place.line ||
    a.place.column - b.place.column ||
    compare(a.code, b.code) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
