import type { Place } from '../finding';
import { type CheckReport, countBySeverity } from './report';

/** Raised when a field changes its meaning or goes; new fields do not count. */
const FORMAT_VERSION = 1;

/** For programs; docs/check/README.md says what is in it. */
export function renderJson({ problems, fixed, projects }: CheckReport): string {
  const { error, warning, info } = countBySeverity(problems);
  const report = {
    version: FORMAT_VERSION,
    summary: { projects, errors: error, warnings: warning, infos: info, fixed: fixed.length },
    problems: problems.map(({ code, severity, message, hint, place, related = [], fix }) => ({
      code,
      severity,
      message,
      ...(hint !== undefined && { hint }),
      ...flat(place),
      related: related.map(({ message: relation, ...at }) => ({ ...flat(at), message: relation })),
      ...(fix !== undefined && { fix: { description: fix.description, edits: fix.edits } }),
    })),
    fixed: fixed.map(({ code, place, fix }) => ({ code, ...flat(place), description: fix?.description })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function flat({ file, line, column, end }: Place): object {
  return { file, line, column, ...(end !== undefined && { endLine: end.line, endColumn: end.column }) };
}
