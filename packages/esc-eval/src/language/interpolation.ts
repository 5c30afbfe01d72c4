import type { Diagnostic } from '../diagnostics/diagnostic';
import type { Range } from '../diagnostics/range';
import type { Accessor, ByteString, InterpolationPart, PropertyAccess } from './ast';
import { decodeUtf8, encodeUtf8 } from './byte-string';

/** Answers the range of the bytes from `start` to `end` of a scalar's value, or null where its text does not stand in the file as it is. */
export type RangeOf = (start: number, end: number) => Range | null;

export interface ParsedInterpolation {
  readonly parts: readonly InterpolationPart[];
  readonly problems: readonly InterpolationProblem[];
}

export interface InterpolationProblem {
  readonly summary: string;
  readonly range: Range | null;
}

/** Splits a scalar into text and property accesses, byte by byte (language reference, section 6). */
export function parseInterpolation(value: ByteString, rangeOf: RangeOf): ParsedInterpolation {
  if (!value.includes('$')) return { parts: [{ text: value }], problems: [] };
  const isAscii = !NON_ASCII.test(value);
  const bytes = isAscii ? value : toByteUnits(value);
  return new InterpolationParser(bytes, isAscii ? (text) => text : fromByteUnits, rangeOf).parse();
}

/** Spells each byte of a string as one character, so that offsets are those of bytes. */
function toByteUnits(value: ByteString): string {
  let units = '';
  for (const byte of encodeUtf8(value)) units += String.fromCharCode(byte);
  return units;
}

function fromByteUnits(units: string): ByteString {
  return NON_ASCII.test(units) ? decodeUtf8(Uint8Array.from(units, (unit) => unit.charCodeAt(0))) : units;
}

/** Makes the diagnostic of a problem; without a range of its own it is that of the whole scalar. */
export function interpolationDiagnostic(problem: InterpolationProblem, scalar: Range, path: string): Diagnostic {
  return {
    severity: 'error',
    code: 'interpolation-syntax',
    summary: problem.summary,
    range: problem.range ?? scalar,
    path,
  };
}

/** What the reference takes for white space, byte by byte: also bytes in the middle of a character. */
const WHITESPACE = new Set(['\t', '\n', '\v', '\f', '\r', ' ', '\x85', '\xa0']);
const NON_ASCII = /[^\x00-\x7f]/;
const INTEGER = /^[+-]?[0-9]+$/;

class InterpolationParser {
  readonly #problems: InterpolationProblem[] = [];
  readonly #parts: InterpolationPart[] = [];
  #offset = 0;

  constructor(
    readonly value: string,
    readonly decode: (units: string) => ByteString,
    readonly rangeOf: RangeOf,
  ) {}

  parse(): ParsedInterpolation {
    let text = '';
    while (this.#offset < this.value.length) {
      const next = this.value.indexOf('$', this.#offset);
      if (next < 0) {
        text += this.value.slice(this.#offset);
        break;
      }
      text += this.value.slice(this.#offset, next);
      const following = this.value[next + 1];
      if (following === '{') {
        this.#offset = next + 2;
        this.#parts.push({ text: this.decode(text), access: this.#access() });
        text = '';
      } else {
        text += '$';
        this.#offset = next + (following === '$' ? 2 : 1);
      }
    }
    if (text !== '' || this.#parts.length === 0) this.#parts.push({ text: this.decode(text) });
    return { parts: this.#parts, problems: this.#problems };
  }

  #access(): PropertyAccess {
    const accessors: Accessor[] = [];
    for (;;) {
      const character = this.value[this.#offset];
      if (accessors.length > 0 && character === '}') {
        this.#offset += 1;
        return { accessors };
      }
      if (accessors.length > 0 && this.#isEnd()) {
        this.#report("missing closing brace '}' in interpolation", this.#offset);
        return { accessors };
      }
      if (accessors.length === 0 && (character === '}' || this.#isEnd())) {
        return this.#emptyAccess(character);
      }
      accessors.push(this.#step(character as string, accessors.length === 0));
    }
  }

  #emptyAccess(character: string | undefined): PropertyAccess {
    const start = this.#offset;
    if (character === '}') this.#offset += 1;
    else this.#report("missing closing brace '}' in interpolation", start);
    return { accessors: [{ kind: 'key', key: '', range: this.rangeOf(start, this.#offset) }] };
  }

  #step(character: string, isFirst: boolean): Accessor {
    const start = this.#offset;
    if (character === '[') return this.#subscript(start, isFirst);
    if (character === '.') this.#offset += 1;
    const key = this.#name();
    if (key === '') this.#report('property name must not be empty', start);
    return { kind: 'key', key: this.decode(key), range: this.rangeOf(start, this.#offset) };
  }

  #name(): string {
    const start = this.#offset;
    while (this.#offset < this.value.length && !this.#isEnd() && !'.[}'.includes(this.value[this.#offset] as string)) {
      this.#offset += 1;
    }
    return this.value.slice(start, this.#offset);
  }

  #subscript(start: number, isFirst: boolean): Accessor {
    this.#offset += 1;
    const accessor = this.value[this.#offset] === '"' ? this.#quotedKey(start) : this.#index(start);
    if (isFirst && accessor.kind === 'index') {
      this.#report('the first accessor must be a property name or key subscript, not a numeric subscript', start);
    }
    if (this.value[this.#offset] === ']') this.#offset += 1;
    else this.#report("subscript is missing closing bracket ']'", start);
    return { ...accessor, range: this.rangeOf(start, this.#offset) };
  }

  #quotedKey(start: number): Accessor {
    let key = '';
    this.#offset += 1;
    for (;;) {
      const character = this.value[this.#offset];
      if (character === undefined) {
        this.#report("key subscript is missing closing quote '\"'", start + 1);
        break;
      }
      if (character === '"') {
        this.#offset += 1;
        if (key === '') this.#report('key subscript must not be empty', start + 1);
        break;
      }
      const isEscape = character === '\\' && this.value[this.#offset + 1] === '"';
      key += isEscape ? '"' : character;
      this.#offset += isEscape ? 2 : 1;
    }
    return { kind: 'key', key: this.decode(key), range: null };
  }

  #index(start: number): Accessor {
    const from = this.#offset;
    while (this.#offset < this.value.length && !this.#isEnd() && !'].[}'.includes(this.value[this.#offset] as string)) {
      this.#offset += 1;
    }
    const text = this.value.slice(from, this.#offset);
    const index = Number(text);
    if (INTEGER.test(text) && Number.isSafeInteger(index)) return { kind: 'index', index, range: null };
    // A subscript that the text ends at is reported as unclosed, and no more.
    if (from < this.value.length) this.#report('numeric subscript must be a positive base-10 integer', start + 1);
    return { kind: 'key', key: this.decode(text), range: null };
  }

  #isEnd(): boolean {
    const character = this.value[this.#offset];
    return character === undefined || WHITESPACE.has(character);
  }

  #report(summary: string, start: number): void {
    this.#problems.push({ summary, range: this.rangeOf(start, this.#offset) });
  }
}
