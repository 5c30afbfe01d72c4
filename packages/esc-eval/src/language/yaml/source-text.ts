import type { Position, Range } from '../../diagnostics/range';
import { byteLength } from '../byte-string';
import { displayWidth, graphemes } from './display-width';

const NON_ASCII = /[^\x00-\x7f]/;

interface Line {
  readonly start: number;
  readonly text: string;
  readonly byteStart: number;
  readonly isAscii: boolean;
  clusters?: Clusters;
  codePoints?: Uint32Array;
}

/**
 * The text of one environment and the arithmetic of its positions (language reference, section 3): columns count code
 * points, bytes are looked up by display column, and positions on a last line without line break have byte 0.
 */
export class SourceText {
  readonly #lines: readonly Line[];
  #lastLine = 0;

  constructor(
    readonly name: string,
    readonly text: string,
  ) {
    this.#lines = splitLines(text);
  }

  /** Position of an offset (in UTF-16 units) of the text. */
  positionAt(offset: number): Position {
    const index = this.#lineIndexOf(offset);
    const line = this.#lines[index] as Line;
    const within = Math.min(offset - line.start, line.text.length);
    const column = line.isAscii ? within : (codePointsOf(line)[within] as number);
    return this.at(index + 1, column + 1);
  }

  /** Position of a line and column, both 1-based; the column may lie beyond the end of the line. */
  at(line: number, column: number): Position {
    return { line, column, byte: this.#byteOf(line, column) };
  }

  rangeOf(begin: Position, end: Position): Range {
    return { environment: this.name, begin, end };
  }

  #lineIndexOf(offset: number): number {
    const lines = this.#lines;
    let low = (lines[this.#lastLine] as Line).start <= offset ? this.#lastLine : 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((lines[middle] as Line).start <= offset) low = middle;
      else high = middle - 1;
    }
    this.#lastLine = low;
    return low;
  }

  #byteOf(line: number, column: number): number {
    if (line >= this.#lines.length) return 0;
    const source = this.#lines[line - 1] as Line;
    if (source.isAscii) return source.byteStart + column - 1;
    const clusters = clustersOf(source);
    const index = firstAtLeast(clusters.columns, column);
    return source.byteStart + (clusters.bytes[index] as number);
  }
}

/** Display column and byte offset at which each grapheme cluster of a line begins; the last item is the line's end. */
interface Clusters {
  readonly columns: readonly number[];
  readonly bytes: readonly number[];
}

function clustersOf(line: Line): Clusters {
  if (line.clusters !== undefined) return line.clusters;
  const columns = [1];
  const bytes = [0];
  let column = 1;
  let byte = 0;
  for (const cluster of graphemes(line.text)) {
    column += displayWidth(cluster);
    byte += byteLength(cluster);
    columns.push(column);
    bytes.push(byte);
  }
  line.clusters = { columns, bytes };
  return line.clusters;
}

/** Number of code points before each UTF-16 offset of a line; the byte order mark of the text takes no column. */
function codePointsOf(line: Line): Uint32Array {
  if (line.codePoints !== undefined) return line.codePoints;
  const counts = new Uint32Array(line.text.length + 1);
  let count = 0;
  for (let index = 0; index < line.text.length; index += 1) {
    counts[index] = count;
    const unit = line.text.charCodeAt(index);
    const next = line.text.charCodeAt(index + 1);
    const isPair = unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff;
    const isByteOrderMark = unit === 0xfeff && line.start + index === 0;
    if (!isByteOrderMark && !isPair) count += 1;
  }
  counts[line.text.length] = count;
  line.codePoints = counts;
  return counts;
}

/** Index of the first item that is at least `value`, or of the last item; `items` never decreases. */
function firstAtLeast(items: readonly number[], value: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] as number) >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  let byteStart = 0;
  for (;;) {
    const end = text.indexOf('\n', start);
    const lineText = text.slice(start, end < 0 ? undefined : end);
    const isAscii = !NON_ASCII.test(lineText);
    lines.push({ start, text: lineText, byteStart, isAscii });
    if (end < 0) return lines;
    byteStart += (isAscii ? lineText.length : byteLength(lineText)) + 1;
    start = end + 1;
  }
}
