import { hasEscapedBytes, sortKeys } from '../language/byte-string';
import { EscNumber } from './number';
import type { Data } from './data';

const NEEDS_ESCAPE = /[\x00-\x1f"\\<>&\u2028\u2029\ud800-\udfff]/;
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
const ESCAPED_CHARACTER = /[\x00-\x1f"\\<>&\u2028\u2029]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Writes a string as Go's `encoding/json` does (language reference, section 12.2). */
export function writeJsonString(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`;
  const escaped = text.replace(
    ESCAPED_CHARACTER,
    (character) => SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${hasEscapedBytes(escaped) ? escaped.replace(LONE_SURROGATE, '\\ufffd') : escaped}"`;
}

/** A number that JSON cannot hold (an infinity or NaN); the message names it as Go's encoder does. */
export class UnsupportedNumberError extends Error {}

/** Writes data as compact JSON with keys sorted by bytes, or indented by `indent`. Numbers keep their text. */
export function writeJson(data: Data, indent = ''): string {
  return write(data, indent, '');
}

function write(data: Data, indent: string, margin: string): string {
  if (data === null) return 'null';
  if (typeof data === 'boolean') return String(data);
  if (typeof data === 'string') return writeJsonString(data);
  if (data instanceof EscNumber) return writeNumber(data.text);
  const inner = margin + indent;
  if (Array.isArray(data))
    return wrap(
      '[',
      data.map((item) => write(item, indent, inner)),
      ']',
      indent,
      margin,
    );
  const map = data as ReadonlyMap<string, Data>;
  const colon = indent === '' ? ':' : ': ';
  const entries = sortKeys(map.keys()).map(
    (key) => writeJsonString(key) + colon + write(map.get(key) as Data, indent, inner),
  );
  return wrap('{', entries, '}', indent, margin);
}

function wrap(open: string, items: readonly string[], close: string, indent: string, margin: string): string {
  if (items.length === 0) return open + close;
  if (indent === '') return open + items.join(',') + close;
  const inner = `\n${margin}${indent}`;
  return `${open}${inner}${items.join(`,${inner}`)}\n${margin}${close}`;
}

function writeNumber(text: string): string {
  if (/^[+-]?(Inf|NaN)$/.test(text)) throw new UnsupportedNumberError(`json: invalid number literal "${text}"`);
  return text;
}
