import { encodeUtf8, hasEscapedBytes } from '../language/byte-string';

const AMBIGUOUS =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|<<|=|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NUMERIC =
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?)$/;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ])/;
const SPECIAL = /[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udbff]|[\t\r]/;
const FLOW_FORBIDDEN = /[,?[\]{}:]/;
const PLAIN_FORBIDDEN = /^[-?:,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)|: |:$| #|^ | $/;

/** Where a scalar stands: a block scalar there begins its lines with `margin`, `indent` columns in from its parent. */
export type ScalarPlace =
  { readonly place: 'block'; readonly margin: string; readonly indent: number } | { readonly place: 'key' | 'flow' };

/** Writes a string as a YAML scalar the way go-yaml does: plain where it can be, and read back as the same string. */
export function writeYamlScalar(value: string, at: ScalarPlace): string {
  if (hasEscapedBytes(value)) return `!!binary ${Buffer.from(encodeUtf8(value)).toString('base64')}`;
  if (AMBIGUOUS.test(value) || NUMERIC.test(value) || SEXAGESIMAL.test(value) || DATE.test(value))
    return doubleQuoted(value);
  if (SPECIAL.test(value)) return doubleQuoted(value);
  if (value.includes('\n')) {
    return at.place !== 'block' || / \n| $/.test(value) ? doubleQuoted(value) : literal(value, at.margin, at.indent);
  }
  const isPlainHere = isPlain(value) && (at.place !== 'flow' || !FLOW_FORBIDDEN.test(value));
  return isPlainHere ? value : singleQuoted(value);
}

export function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function isPlain(value: string): boolean {
  if (/^[-?:](?=[^\s])/.test(value) && !PLAIN_FORBIDDEN.test(value.slice(1))) return !/^[-?:][,[\]{}]/.test(value);
  return !PLAIN_FORBIDDEN.test(value);
}

function literal(value: string, margin: string, indent: number): string {
  const hint = /^[ \n]/.test(value) ? String(indent) : '';
  const chomp = !value.endsWith('\n') ? '-' : /\n\n$/.test(value) || value === '\n' ? '+' : '';
  const lines = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n');
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`;
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
