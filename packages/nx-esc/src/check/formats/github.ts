import type { Problem } from '../finding';
import type { CheckReport } from './report';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands by which GitHub Actions shows problems beside the lines of a pull request. */
export function renderGithub({ problems }: CheckReport): string {
  return problems.map(annotate).join('');
}

function annotate({ severity, code, message, hint, place }: Problem): string {
  const { file, line, column, end } = place;
  const properties = {
    file,
    line,
    col: column,
    // GitHub takes an end column on the same line alone.
    ...(end !== undefined && { endLine: end.line, ...(end.line === line && { endColumn: end.column }) }),
    title: `nx-esc ${code}`,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${COMMANDS[severity]} ${list.join(',')}::${escapeData(hint === undefined ? message : `${message}\n${hint}`)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
