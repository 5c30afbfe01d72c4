import { type Unreadable, UnreadableError } from './unreadable';

/** A place in a text as go-yaml counts: lines and columns from 0, columns and indices in code points. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

const END = -1;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const NEXT_LINE = 0x85;
const LINE_SEPARATOR = 0x2028;
const PARAGRAPH_SEPARATOR = 0x2029;
const BYTE_ORDER_MARK = 0xfeff;

/** The characters that go-yaml wants to see before it decides on a token. */
const LOOKAHEAD = 4;

/**
 * The characters of a text one after another, with the line breaks of YAML 1.1. Reading throws an UnreadableError where
 * it comes near what cannot be read.
 */
export class Reader {
  #offset = 0;
  #index = 0;
  #line = 0;
  #column = 0;
  /**
   * Whether a second byte order mark follows the one that belongs to the encoding. go-yaml would skip one at the start of
   * any line, but looks for it at the start of the text: without that it skips none, with it a character of each line.
   */
  readonly startsWithMark: boolean;

  constructor(
    readonly text: string,
    readonly unreadable?: Unreadable,
  ) {
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.#offset = 1;
    this.startsWithMark = text.charCodeAt(this.#offset) === BYTE_ORDER_MARK;
  }

  get mark(): Mark {
    return { index: this.#index, line: this.#line, column: this.#column };
  }

  get index(): number {
    return this.#index;
  }

  get line(): number {
    return this.#line;
  }

  get column(): number {
    return this.#column;
  }

  /** The character `ahead` UTF-16 units further on, if it is `character`. */
  is(character: string, ahead = 0): boolean {
    return this.text[this.#offset + ahead] === character;
  }

  peek(ahead = 0): string {
    return this.text[this.#offset + ahead] ?? '';
  }

  /** A pattern (sticky) matched where the reader stands. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.text)?.[0];
    if (this.unreadable !== undefined && found !== undefined) this.#require(this.#offset + found.length + 1);
    return found;
  }

  isEnd(ahead = 0): boolean {
    return this.#offset + ahead >= this.text.length;
  }

  isTab(): boolean {
    return this.#code(0) === TAB;
  }

  isSpace(): boolean {
    return this.#code(0) === SPACE;
  }

  isBlank(ahead = 0): boolean {
    const code = this.#code(ahead);
    return code === SPACE || code === TAB;
  }

  isBreak(ahead = 0): boolean {
    return isBreakCode(this.#code(ahead));
  }

  isBreakOrEnd(ahead = 0): boolean {
    const code = this.#code(ahead);
    return code === END || isBreakCode(code);
  }

  isBlankOrEnd(ahead = 0): boolean {
    const code = this.#code(ahead);
    return code === END || code === SPACE || code === TAB || isBreakCode(code);
  }

  /** Tells whether a line `---` or `...` begins here. */
  isDocumentIndicator(): boolean {
    if (this.#column !== 0 || !this.isBlankOrEnd(3)) return false;
    return this.text.startsWith('---', this.#offset) || this.text.startsWith('...', this.#offset);
  }

  skip(count = 1): void {
    for (let left = count; left > 0; left -= 1) {
      const code = this.#code(0);
      this.#offset += code >= 0xd800 && code <= 0xdbff ? 2 : 1;
      this.#index += 1;
      this.#column += 1;
    }
  }

  /** Reads one character. */
  read(): string {
    const start = this.#offset;
    this.skip();
    return this.text.slice(start, this.#offset);
  }

  /** Reads on for as long as a pattern (sticky) matches characters of the line. */
  readMatch(pattern: RegExp): string {
    const found = this.match(pattern) ?? '';
    this.#offset += found.length;
    const count = countCodePoints(found);
    this.#index += count;
    this.#column += count;
    return found;
  }

  /** Goes past a line break, and answers what a scalar keeps of it. */
  readLine(): string {
    const code = this.#code(0);
    if (!isBreakCode(code)) return '';
    const isPair = code === CARRIAGE_RETURN && this.#code(1) === LINE_FEED;
    this.#offset += isPair ? 2 : 1;
    this.#index += isPair ? 2 : 1;
    this.#line += 1;
    this.#column = 0;
    return code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR ? String.fromCharCode(code) : '\n';
  }

  /** Makes sure that the next few characters can be read. */
  lookAhead(): void {
    this.#require(this.#offset + LOOKAHEAD);
  }

  #require(end: number): void {
    const { unreadable } = this;
    if (unreadable !== undefined && end > unreadable.from) throw new UnreadableError(unreadable.at, unreadable.summary);
  }

  /** The end of the text counts as the end of a line. */
  endLine(): void {
    if (this.#column === 0) return;
    this.#column = 0;
    this.#line += 1;
  }

  #code(ahead: number): number {
    const at = this.#offset + ahead;
    if (this.unreadable !== undefined) this.#require(at + 1);
    return at < this.text.length ? this.text.charCodeAt(at) : END;
  }
}

function isBreakCode(code: number): boolean {
  return (
    code === LINE_FEED ||
    code === CARRIAGE_RETURN ||
    code === NEXT_LINE ||
    code === LINE_SEPARATOR ||
    code === PARAGRAPH_SEPARATOR
  );
}

function countCodePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code <= 0xdbff) count -= 1;
  }
  return count;
}
