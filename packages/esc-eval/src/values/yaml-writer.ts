import { hasEscapedBytes, encodeUtf8 } from '../language/byte-string';
import type { Data } from './data';
import { EscNumber } from './number';

/**
 * Writes data as YAML the way go-yaml does: keys in natural order, numbers as quoted strings, and quotes where a plain
 * scalar would be read as something else (language reference, sections 18.2 and 20).
 */
export function writeYaml(data: Data, indent: number): string {
  const step = ' '.repeat(indent);
  return `${isNested(data) ? block(data, step, '') : leaf(data, step)}\n`;
}

function isNested(data: Data): boolean {
  return (Array.isArray(data) && data.length > 0) || (data instanceof Map && data.size > 0);
}

/** Writes a collection; its first line stands where the text is put, the others begin with `margin`. */
function block(data: Data, step: string, margin: string): string {
  const lines = Array.isArray(data)
    ? items(data, step, margin)
    : entries(data as ReadonlyMap<string, Data>, step, margin);
  return lines.join(`\n${margin}`);
}

function items(data: readonly Data[], step: string, margin: string): string[] {
  return data.map((item) => `- ${isNested(item) ? block(item, step, `${margin}  `) : leaf(item, `${margin}  `)}`);
}

function entries(data: ReadonlyMap<string, Data>, step: string, margin: string): string[] {
  const inner = margin + step;
  return [...data.keys()].sort(compareNaturally).map((key) => {
    const value = data.get(key) as Data;
    const written = isNested(value) ? `\n${inner}${block(value, step, inner)}` : ` ${leaf(value, inner)}`;
    return `${text(key, inner, true)}:${written}`;
  });
}

function leaf(data: Data, margin: string): string {
  if (data === null) return 'null';
  if (typeof data === 'boolean') return String(data);
  if (data instanceof EscNumber) return `"${data.text}"`;
  if (Array.isArray(data)) return '[]';
  return data instanceof Map ? '{}' : text(data as string, margin, false);
}

const AMBIGUOUS =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|<<|=|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NUMERIC =
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?)$/;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ])/;
const SPECIAL = /[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udbff]|[\t\r]/;
const PLAIN_FORBIDDEN = /^[-?:,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)|: |:$| #|^ | $/;

function text(value: string, margin: string, isKey: boolean): string {
  if (hasEscapedBytes(value)) return `!!binary ${Buffer.from(encodeUtf8(value)).toString('base64')}`;
  if (AMBIGUOUS.test(value) || NUMERIC.test(value) || SEXAGESIMAL.test(value) || DATE.test(value))
    return doubleQuoted(value);
  if (SPECIAL.test(value)) return doubleQuoted(value);
  if (value.includes('\n')) return isKey || /^[ \n]| \n| $/.test(value) ? doubleQuoted(value) : literal(value, margin);
  return isPlain(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

function isPlain(value: string): boolean {
  if (/^[-?:](?=[^\s])/.test(value) && !PLAIN_FORBIDDEN.test(value.slice(1))) return !/^[-?:][,[\]{}]/.test(value);
  return !PLAIN_FORBIDDEN.test(value);
}

function literal(value: string, margin: string): string {
  const chomp = !value.endsWith('\n') ? '-' : /\n\n$/.test(value) || value === '\n' ? '+' : '';
  const lines = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n');
  return `|${chomp}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(value: string): string {
  let quoted = '';
  for (const character of value) {
    const codePoint = character.codePointAt(0) as number;
    const escape = ESCAPES[character];
    if (escape !== undefined) quoted += escape;
    else if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) quoted += `\\x${hex(codePoint, 2)}`;
    else if (codePoint === 0xfeff) quoted += '\\uFEFF';
    else if (codePoint > 0xffff) quoted += `\\U${hex(codePoint, 8)}`;
    else quoted += character;
  }
  return `"${quoted}"`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

const isLetter = (character: string): boolean => /\p{L}/u.test(character);
const isDigit = (character: string): boolean => /\p{Nd}/u.test(character);

/** Orders keys as go-yaml does: letters after other characters, and runs of digits by their numbers. */
export function compareNaturally(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  let digitsBefore = false;
  for (let index = 0; index < left.length && index < right.length; index += 1) {
    const x = left[index] as string;
    const y = right[index] as string;
    if (x === y) {
      digitsBefore = isDigit(x);
      continue;
    }
    if (isLetter(x) && isLetter(y)) return compareCodePoints(x, y);
    if (isLetter(x) || isLetter(y)) {
      if (digitsBefore) return isLetter(x) ? -1 : 1;
      return isLetter(x) ? 1 : -1;
    }
    const leftRun = digitRun(left, index);
    const rightRun = digitRun(right, index);
    if (leftRun !== rightRun && leftRun !== '' && rightRun !== '') {
      const difference = BigInt(leftRun) - BigInt(rightRun);
      if (difference !== 0n) return difference < 0n ? -1 : 1;
      return leftRun.length - rightRun.length;
    }
    return compareCodePoints(x, y);
  }
  return left.length - right.length;
}

function digitRun(characters: readonly string[], start: number): string {
  let end = start;
  while (end < characters.length && /[0-9]/.test(characters[end] as string)) end += 1;
  return characters.slice(start, end).join('');
}

function compareCodePoints(a: string, b: string): number {
  return (a.codePointAt(0) as number) - (b.codePointAt(0) as number);
}
