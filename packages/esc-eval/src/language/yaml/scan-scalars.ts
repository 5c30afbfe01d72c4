import type { Mark, Reader } from './reader';
import { YamlSyntaxError } from './syntax-error';
import type { Token } from './token';

const REST_OF_LINE = /[^\n\r\x85\u2028\u2029]*/y;
const BLANKS = /[ \t]*/y;

/** Line breaks and blanks between the words of a scalar, which fold when the scalar goes on. */
class Gap {
  blanks = '';
  hasBreak = false;
  #first = '';
  #others = '';

  addBreak(lineBreak: string): void {
    if (this.hasBreak) this.#others += lineBreak;
    else {
      this.blanks = '';
      this.#first = lineBreak;
      this.hasBreak = true;
    }
  }

  /** What stands for the gap in the scalar; the gap is empty then. */
  fold(): string {
    const text = this.hasBreak ? this.#folded() : this.blanks;
    this.blanks = '';
    this.hasBreak = false;
    this.#first = '';
    this.#others = '';
    return text;
  }

  #folded(): string {
    if (this.#first !== '\n') return this.#first + this.#others;
    return this.#others === '' ? ' ' : this.#others;
  }
}

/** Scans a plain scalar; tells also whether it ends at the beginning of a line, where a key may stand. */
export function scanPlainScalar(
  reader: Reader,
  indent: number,
  isInFlow: boolean,
): { readonly token: Token; readonly endsLine: boolean } {
  const start = reader.mark;
  let value = '';
  const gap = new Gap();
  while (!reader.isDocumentIndicator() && !reader.is('#')) {
    const word = readPlainWord(reader, isInFlow);
    if (word !== '') value += gap.fold() + word;
    if (!reader.isBlank() && !reader.isBreak()) break;
    while (reader.isBlank() || reader.isBreak()) {
      if (reader.isBreak()) gap.addBreak(reader.readLine());
      else if (gap.hasBreak) skipIndentation(reader, indent, start);
      else gap.blanks += reader.readMatch(BLANKS);
    }
    if (!isInFlow && reader.column < indent) break;
  }
  return { token: { type: 'scalar', value, style: 'plain', start }, endsLine: gap.hasBreak };
}

function skipIndentation(reader: Reader, indent: number, start: Mark): void {
  if (reader.column < indent && reader.isTab())
    throw new YamlSyntaxError('scanner', 'found a tab character that violates indentation', reader.mark, start);
  reader.skip();
}

const PLAIN_RUN_IN_BLOCK = /[^ \t\n\r\x85\u2028\u2029:]*/y;
const PLAIN_RUN_IN_FLOW = /[^ \t\n\r\x85\u2028\u2029:,?[\]{}]*/y;

/** Reads up to a blank, a line break, or what ends a plain scalar. */
function readPlainWord(reader: Reader, isInFlow: boolean): string {
  let word = '';
  for (;;) {
    word += reader.readMatch(isInFlow ? PLAIN_RUN_IN_FLOW : PLAIN_RUN_IN_BLOCK);
    const isIndicator = reader.is(':') || (isInFlow && reader.is('?'));
    if (!isIndicator || reader.isBlankOrEnd(1)) return word;
    word += reader.read();
  }
}

const SINGLE_QUOTED_RUN = /[^' \t\n\r\x85\u2028\u2029]+/y;
const DOUBLE_QUOTED_RUN = /[^"\\ \t\n\r\x85\u2028\u2029]+/y;

/** Scans a scalar in quotes. */
export function scanQuotedScalar(reader: Reader): Token {
  const start = reader.mark;
  const quote = reader.read();
  const isSingle = quote === "'";
  let value = '';
  for (;;) {
    if (reader.isDocumentIndicator()) throw fault(reader, 'found unexpected document indicator', start);
    if (reader.isEnd()) throw fault(reader, 'found unexpected end of stream', start);
    const gap = new Gap();
    if (isSingle) value += readSingleQuotedWord(reader);
    else {
      const { text, isContinued } = readDoubleQuotedWords(reader, start);
      value += text;
      if (isContinued) gap.addBreak('');
    }
    if (reader.is(quote)) break;
    while (reader.isBlank() || reader.isBreak()) {
      if (reader.isBreak()) gap.addBreak(reader.readLine());
      else if (gap.hasBreak) reader.skip();
      else gap.blanks += reader.readMatch(BLANKS);
    }
    value += gap.fold();
  }
  reader.skip();
  return { type: 'scalar', value, style: isSingle ? 'single-quoted' : 'double-quoted', start };
}

function readSingleQuotedWord(reader: Reader): string {
  let word = '';
  for (;;) {
    word += reader.readMatch(SINGLE_QUOTED_RUN);
    if (!reader.is("'") || !reader.is("'", 1)) return word;
    reader.skip(2);
    word += "'";
  }
}

/** Reads up to a blank, a line break or the closing quote; an escaped line break joins the lines. */
function readDoubleQuotedWords(reader: Reader, start: Mark): { readonly text: string; readonly isContinued: boolean } {
  let text = '';
  for (;;) {
    text += reader.readMatch(DOUBLE_QUOTED_RUN);
    if (!reader.is('\\')) return { text, isContinued: false };
    if (reader.isBreak(1)) {
      reader.skip();
      reader.readLine();
      return { text, isContinued: true };
    }
    text += readEscape(reader, start);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function readEscape(reader: Reader, start: Mark): string {
  const character = reader.peek(1);
  const escape = ESCAPES[character];
  if (escape !== undefined) {
    reader.skip(2);
    return escape;
  }
  const length = CODE_LENGTHS[character];
  if (length === undefined) throw fault(reader, 'found unknown escape character', start);
  reader.skip(2);
  const digits = reader.match(/[0-9A-Fa-f]*/y)?.slice(0, length) ?? '';
  if (digits.length < length) throw fault(reader, 'did not find expected hexdecimal number', start);
  const codePoint = Number.parseInt(digits, 16);
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff))
    throw fault(reader, 'found invalid Unicode character escape code', start);
  reader.skip(length);
  return String.fromCodePoint(codePoint);
}

/** Scans a literal (`|`) or folded (`>`) scalar beneath an indentation. */
export function scanBlockScalar(reader: Reader, parentIndent: number): Token {
  const start = reader.mark;
  const isLiteral = reader.read() === '|';
  const { chomping, increment } = scanBlockHeader(reader, start);
  let indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  const readBreaks = (): string => {
    const found = scanBlockBreaks(reader, indent, parentIndent, start);
    indent = found.indent;
    return found.breaks;
  };
  let value = '';
  let leadingBreak = '';
  let startsWithBlank = false;
  let breaks = readBreaks();
  while (reader.column === indent && !reader.isEnd()) {
    const isBlank = reader.isBlank();
    const folds = !isLiteral && !startsWithBlank && !isBlank && leadingBreak.startsWith('\n');
    if (!folds) value += leadingBreak;
    else if (breaks === '') value += ' ';
    value += breaks + reader.readMatch(REST_OF_LINE);
    startsWithBlank = isBlank;
    leadingBreak = reader.readLine();
    breaks = readBreaks();
  }
  if (chomping !== '-') value += leadingBreak;
  if (chomping === '+') value += breaks;
  return { type: 'scalar', value, style: isLiteral ? 'literal' : 'folded', start };
}

function scanBlockHeader(reader: Reader, start: Mark): { readonly chomping: string; readonly increment: number } {
  const header = reader.readMatch(/(?:[-+][0-9]?|[0-9][-+]?)?/y);
  if (header.includes('0')) throw fault(reader, 'found an indentation indicator equal to 0', start);
  reader.readMatch(BLANKS);
  reader.readMatch(/#[^\n\r\x85\u2028\u2029]*/y);
  if (!reader.isBreakOrEnd()) throw fault(reader, 'did not find expected comment or line break', start);
  reader.readLine();
  return { chomping: /[-+]/.exec(header)?.[0] ?? '', increment: Number(/[0-9]/.exec(header)?.[0] ?? 0) };
}

/** Skips indentation and empty lines; finds the indentation out where it is not known yet. */
function scanBlockBreaks(
  reader: Reader,
  indent: number,
  parentIndent: number,
  start: Mark,
): { readonly breaks: string; readonly indent: number } {
  let breaks = '';
  let widest = 0;
  for (;;) {
    while ((indent === 0 || reader.column < indent) && reader.isSpace()) reader.skip();
    widest = Math.max(widest, reader.column);
    if ((indent === 0 || reader.column < indent) && reader.isTab())
      throw fault(reader, 'found a tab character where an indentation space is expected', start);
    if (!reader.isBreak()) break;
    breaks += reader.readLine();
  }
  return { breaks, indent: indent === 0 ? Math.max(widest, parentIndent + 1, 1) : indent };
}

function fault(reader: Reader, problem: string, start: Mark): YamlSyntaxError {
  return new YamlSyntaxError('scanner', problem, reader.mark, start);
}
