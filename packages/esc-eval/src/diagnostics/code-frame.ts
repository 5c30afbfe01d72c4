import type { Range } from './range';

const WIDEST = 160;

/**
 * Shows the line that a range begins on, with a caret beneath; undefined where the range is not in the text. Control
 * characters are shown as `?`, so that a text cannot steer a terminal.
 */
export function formatCodeFrame(source: string, { begin, end }: Range): string | undefined {
  const line = source.split('\n')[begin.line - 1];
  if (line === undefined || begin.line === 0) return undefined;
  const number = String(begin.line);

  const shown = line.replace(/[\x00-\x1f\x7f]/g, (character) =>
    character === '\t' ? ' ' : character === '\r' ? '' : '?',
  );
  const characters = [...shown];
  const length = end.line === begin.line ? Math.max(1, end.column - begin.column) : 1;
  const available = Math.max(1, characters.length - begin.column + 1);
  const caret = '^'.repeat(Math.min(length, available));
  const margin = ' '.repeat(number.length);
  return `${number} | ${characters.slice(0, WIDEST).join('')}\n${margin} | ${' '.repeat(Math.max(0, begin.column - 1))}${caret}`;
}
