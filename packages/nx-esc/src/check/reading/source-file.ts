import type { Range } from 'esc-eval';
import type { Place } from '../finding';

/** The text of a file of the workspace, with the arithmetic of places in it. */
export class SourceFile {
  #lineStarts: readonly number[] | undefined;

  constructor(
    /** Relative to the workspace. */
    readonly file: string,
    readonly text: string,
  ) {}

  /** The place of a stretch of the text, in UTF-16 units. */
  placeAt(start: number, end = start): Place {
    const place = { file: this.file, ...this.#positionOf(start) };
    return end > start ? { ...place, end: this.#positionOf(end) } : place;
  }

  /** The place of a range of the language; its start where the range has none. */
  placeOf({ begin, end }: Range): Place {
    if (begin.line === 0) return this.placeAt(0);
    return {
      file: this.file,
      line: begin.line,
      column: begin.column,
      end: { line: end.line, column: end.column },
    };
  }

  /** The offset of a position of the language, which counts code points. */
  offsetOf({ line, column }: { readonly line: number; readonly column: number }): number {
    const start = this.#starts()[line - 1] ?? this.text.length;
    const next = this.#starts()[line] ?? this.text.length + 1;
    // A byte order mark takes no column.
    let offset = start === 0 && this.text.startsWith('\ufeff') ? 1 : start;
    for (let left = column - 1; left > 0 && offset < next - 1; left -= 1) {
      offset += (this.text.codePointAt(offset) as number) > 0xffff ? 2 : 1;
    }
    return offset;
  }

  /** The text of a line, 1-based, without its line break. */
  lineAt(line: number): string | undefined {
    const start = this.#starts()[line - 1];
    if (start === undefined) return undefined;
    const next = this.#starts()[line];
    return this.text.slice(start, next === undefined ? undefined : next - 1);
  }

  #positionOf(offset: number): { line: number; column: number } {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const before = this.text.slice(starts[low], offset).replace(/^\ufeff/, '');
    return { line: low + 1, column: [...before].length + 1 };
  }

  #starts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}
