import { encodeUtf8 } from '../language/byte-string';
import type { Data } from './data';
import { EscNumber } from './number';

/** A text that is not JSON; the message is that of Go's `encoding/json` (language reference, section 12.3). */
export class JsonSyntaxError extends Error {}

const MAXIMUM_DEPTH = 1000;

/** Reads the first JSON value of a text; anything after it is ignored, and of repeated keys the last one counts. */
export function readJson(text: string): Data {
  return new JsonReader(text).read();
}

const LITERALS: Readonly<Record<string, { readonly word: string; readonly value: Data }>> = {
  n: { word: 'null', value: null },
  t: { word: 'true', value: true },
  f: { word: 'false', value: false },
};
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonReader {
  #offset = 0;
  #depth = 0;

  constructor(readonly text: string) {}

  read(): Data {
    this.#skipBlanks();
    if (this.#offset >= this.text.length) throw new JsonSyntaxError('EOF');
    return this.#value();
  }

  #value(): Data {
    this.#skipBlanks();
    const character = this.#peek();
    if (character === '{') return this.#nested(() => this.#object());
    if (character === '[') return this.#nested(() => this.#array());
    if (character === '"') return this.#string();
    if (character === '-' || isDigit(character)) return this.#number();
    const literal = LITERALS[character];
    if (literal !== undefined) return this.#literal(literal.word, literal.value);
    throw this.#invalid('looking for beginning of value');
  }

  #nested(read: () => Data): Data {
    this.#depth += 1;
    if (this.#depth > MAXIMUM_DEPTH) throw new JsonSyntaxError('exceeded max depth');
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): Data {
    const entries = new Map<string, Data>();
    this.#offset += 1;
    this.#skipBlanks();
    if (this.#peek() === '}') {
      this.#offset += 1;
      return entries;
    }
    for (;;) {
      this.#skipBlanks();
      if (this.#peek() !== '"') throw this.#invalid('looking for beginning of object key string');
      const key = this.#string();
      this.#skipBlanks();
      if (this.#peek() !== ':') throw this.#invalid('after object key');
      this.#offset += 1;
      entries.set(key, this.#value());
      if (this.#endsAfter('}', 'after object key:value pair')) return entries;
    }
  }

  #array(): Data {
    const items: Data[] = [];
    this.#offset += 1;
    this.#skipBlanks();
    if (this.#peek() === ']') {
      this.#offset += 1;
      return items;
    }
    for (;;) {
      items.push(this.#value());
      if (this.#endsAfter(']', 'after array element')) return items;
    }
  }

  #endsAfter(close: string, context: string): boolean {
    this.#skipBlanks();
    const character = this.#peek();
    if (character !== close && character !== ',') throw this.#invalid(context);
    this.#offset += 1;
    return character === close;
  }

  #string(): string {
    let value = '';
    this.#offset += 1;
    for (;;) {
      const character = this.#peek();
      if (character === '"') {
        this.#offset += 1;
        return value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
      }
      if (character < ' ') throw this.#invalid('in string literal');
      this.#offset += 1;
      value += character === '\\' ? this.#escape() : character;
    }
  }

  #escape(): string {
    const character = this.#peek();
    const simple = ESCAPES[character];
    if (simple !== undefined) {
      this.#offset += 1;
      return simple;
    }
    if (character !== 'u') throw this.#invalid('in string escape code');
    this.#offset += 1;
    let digits = '';
    while (digits.length < 4) {
      const digit = this.#peek();
      if (!/[0-9a-fA-F]/.test(digit)) throw this.#invalid('in \\u hexadecimal character escape');
      digits += digit;
      this.#offset += 1;
    }
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): Data {
    const start = this.#offset;
    if (this.#peek() === '-') {
      this.#offset += 1;
      if (!isDigit(this.#peek())) throw this.#invalid('in numeric literal');
    }
    if (this.#peek() === '0') this.#offset += 1;
    else this.#digits();
    if (this.text[this.#offset] === '.') {
      this.#offset += 1;
      if (!isDigit(this.#peek())) throw this.#invalid('after decimal point in numeric literal');
      this.#digits();
    }
    if (/[eE]/.test(this.text[this.#offset] ?? '')) {
      this.#offset += 1;
      if (/[-+]/.test(this.#peek())) this.#offset += 1;
      if (!isDigit(this.#peek())) throw this.#invalid('in exponent of numeric literal');
      this.#digits();
    }
    return new EscNumber(this.text.slice(start, this.#offset));
  }

  #digits(): void {
    while (isDigit(this.text[this.#offset] ?? '')) this.#offset += 1;
  }

  #literal(word: string, value: Data): Data {
    for (let index = 0; index < word.length; index += 1) {
      if (this.#peek() !== word[index])
        throw this.#invalid(`in literal ${word} (expecting ${quoteCharacter(word[index] as string)})`);
      this.#offset += 1;
    }
    return value;
  }

  #skipBlanks(): void {
    while (/[ \t\r\n]/.test(this.text[this.#offset] ?? '')) this.#offset += 1;
  }

  #peek(): string {
    const character = this.text[this.#offset];
    if (character === undefined) throw new JsonSyntaxError('unexpected EOF');
    return character;
  }

  /** Go reads bytes: of a character beyond ASCII it names the first byte. */
  #invalid(context: string): JsonSyntaxError {
    const [byte] = encodeUtf8(this.text.slice(this.#offset, this.#offset + 2));
    return new JsonSyntaxError(`invalid character ${quoteCharacter(String.fromCharCode(byte as number))} ${context}`);
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

const CHARACTER_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

function quoteCharacter(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  const short = CHARACTER_ESCAPES[character];
  if (short !== undefined) return `'${short}'`;
  const code = character.charCodeAt(0);
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, '0')}'`;
  const isPrintable = code < 0x7f || (code >= 0xa1 && code !== 0xad);
  return isPrintable ? `'${character}'` : `'\\u${code.toString(16).padStart(4, '0')}'`;
}
