import type { Difference, EnvironmentDiff, ShownValue } from './compare-environments';
import type { EnvironmentMatrix, MatrixRow } from './environment-matrix';

const LONGEST_CELL = 40;
const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

export function renderDiff({ before, after, differences, equal }: EnvironmentDiff): string {
  const width = Math.max(0, ...differences.map(({ key }) => key.length));
  const lines = differences.map(({ key, change, ...values }) => {
    return `${SIGNS[change]} ${key.padEnd(width)}  ${showChange(values)}`;
  });
  const summary = differences.length === 0 ? 'no difference' : `${differences.length} differ`;
  return `${[`${before} → ${after}`, ...lines, `${summary}, ${equal} equal`].join('\n')}\n`;
}

export function renderDiffAsMarkdown({ before, after, differences, equal }: EnvironmentDiff): string {
  const rows = differences.map(({ key, change, before: from, after: to }) => [
    change,
    code(key),
    from === undefined ? '' : code(showValue(from)),
    to === undefined ? '' : code(showValue(to)),
  ]);
  const table = rows.length === 0 ? 'No difference.' : markdownTable(['', 'key', code(before), code(after)], rows);
  return `${table}\n\n${equal} equal\n`;
}

function showChange({ before, after }: Pick<Difference, 'before' | 'after'>): string {
  if (before === undefined || after === undefined) return showValue((before ?? after) as ShownValue);
  if (before.kind === 'secret' && after.kind === 'secret' && before.text === undefined && after.text === undefined)
    return '[secret] differs';
  return `${showValue(before)} → ${showValue(after)}`;
}

function showValue({ kind, text }: ShownValue): string {
  if (kind === 'value') return text ?? '';
  return text === undefined ? `[${kind}]` : `[${kind}: ${text}]`;
}

export function renderMatrix({ environments, rows }: EnvironmentMatrix): string {
  const lines = [
    ['', 'key', ...environments],
    ...rows.map((row) => [MARKS[row.status], row.key, ...environments.map((name) => cell(row, name))]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const table = lines.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${table.join('\n')}\n\n${countRows(rows)}\n`;
}

export function renderMatrixAsMarkdown({ environments, rows }: EnvironmentMatrix): string {
  const table = markdownTable(
    ['', 'key', ...environments.map(code)],
    rows.map((row) => [
      MARKS[row.status],
      code(row.key),
      ...environments.map((name) => (row.cells[name] === undefined ? '—' : code(cell(row, name)))),
    ]),
  );
  return `${table}\n\n${countRows(rows)}\n`;
}

const MARKS = { same: '=', differs: '≠', missing: '✗' } as const;

/** Secrets of a row that are equal share a letter. */
function cell({ cells, status }: MatrixRow, environment: string): string {
  const value = cells[environment];
  if (value === undefined) return '—';
  if (value.kind === 'value') return shorten(value.text ?? '');
  if (value.text !== undefined) return shorten(`[${value.text}]`);
  const letter = status === 'same' ? '' : ` ${String.fromCharCode(96 + value.group)}`;
  return `[${value.kind}${letter}]`;
}

function countRows(rows: readonly MatrixRow[]): string {
  const count = (status: MatrixRow['status']): number => rows.filter((row) => row.status === status).length;
  return `${count('same')} same (=), ${count('differs')} differ (≠), ${count('missing')} missing somewhere (✗)`;
}

function shorten(text: string): string {
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Code of Markdown within a table: neither ticks nor bars of the text end it. */
function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`;
}
