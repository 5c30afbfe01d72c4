import { appendFileSync, readFileSync } from 'node:fs';

/** A line of the table that nx-esc adds to the summary of a job. */
export interface SummaryRow {
  readonly isSuccess: boolean;
  /** What ran: `api:deploy`, `nx-esc check`. */
  readonly task: string;
  readonly environment?: string;
  readonly result: string;
  readonly milliseconds?: number;
}

const HEADER = '| | task | environment | result | time |\n| --- | --- | --- | --- | ---: |\n';

/** Adds a row to the summary of the step (GITHUB_STEP_SUMMARY); several tasks may do so at the same time. */
export function appendSummaryRow(file: string, row: SummaryRow): void {
  const text = renderRow(row);
  appendFileSync(file, endsWithOurTable(file) ? text : `\n${HEADER}${text}`);
}

function renderRow({ isSuccess, task, environment = '', result, milliseconds }: SummaryRow): string {
  const time = milliseconds === undefined ? '' : `${(milliseconds / 1000).toFixed(1)} s`;
  const cells = [isSuccess ? '✅' : '❌', task, environment, result, time];
  return `| ${cells.map(escapeMarkdown).join(' | ')} |\n`;
}

function endsWithOurTable(file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8');
    return text.includes(HEADER) && /\|\n$/.test(text);
  } catch {
    return false;
  }
}

/** Writes a text so that Markdown and HTML show it as it is, on one line. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>()#+!|~&@-]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/:\/\//g, '&#58;//');
}
