import type { Comparison } from './compare-revisions';
import type { AffectedStack, Reason } from './find-affected';

/** A comment of GitHub may have 65,536 characters, and there is more to say in it. */
const LONGEST_TABLE = 20_000;
const LONGEST_CELL = 200;
const MOST_REASONS = 5;

/** Writes what is affected as a table of Markdown, as for a comment on a pull request. */
export function renderMarkdown({ base, head, changedFiles, affected }: Comparison): string {
  const range = `${code(base.slice(0, 9))}..${head === undefined ? 'the files as they are' : code(head.slice(0, 9))}`;
  if (affected.length === 0) return `No stack is affected by ${range} (${changedFiles.length} files differ).\n`;
  const rows: string[] = [];
  let length = 0;
  for (const stack of affected) {
    const row = renderStack(stack);
    length += row.length;
    if (length > LONGEST_TABLE) break;
    rows.push(row);
  }
  const left = affected.length - rows.length;
  return [
    `${affected.length} affected by ${range}.`,
    '',
    '| stack | why | through |',
    '| --- | --- | --- |',
    ...rows,
    ...(left > 0 ? ['', `… and ${left} more.`] : []),
    '',
  ].join('\n');
}

function renderStack({ stack, reasons }: AffectedStack): string {
  const shown = reasons.slice(0, MOST_REASONS).map(describeReason);
  if (reasons.length > MOST_REASONS) shown.push([`… and ${reasons.length - MOST_REASONS} more`, '']);
  return `| ${[code(stack), ...[0, 1].map((column) => shown.map((each) => each[column]).join('<br>'))].join(' | ')} |`;
}

/** Why, and through which environments. */
function describeReason(reason: Reason): readonly [why: string, through: string] {
  switch (reason.kind) {
    case 'new':
      return ['is new', ''];
    case 'program':
      return [`its program: ${code(reason.file)}`, ''];
    case 'upstream':
      return [`reads ${code(reason.stack)}`, ''];
    case 'value': {
      const [cause, ...others] = reason.causes;
      const why = `${code(reason.key)} ${reason.change}`;
      if (cause === undefined) return [why, ''];
      const more = others.length === 0 ? '' : ` and ${others.length} more`;
      return [`${why}: ${code(`${cause.file}:${cause.line}`)}${more}`, cause.via.map(code).join(' → ')];
    }
  }
}

/** What may mean something in Markdown or HTML: all but plain characters, and of these what makes a link or emphasis. */
const MEANINGFUL = /[^\w ./:→…-]|:(?=\/)|(?<=www)\.|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/giu;

/** A text as it is, be it hostile: nothing in it is Markdown, HTML, a mention, or the end of a cell. */
function code(text: string): string {
  const shown = text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
  return `<code>${shown.replaceAll(MEANINGFUL, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`)}</code>`;
}
