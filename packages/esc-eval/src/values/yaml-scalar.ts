import { encodeUtf8, hasEscapedBytes } from '../language/byte-string';
import { resolvePlainScalar } from '../language/yaml/scalar';

const OLD_BOOLEAN = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const TIMESTAMP =
  /^\d{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])(?:$|[Tt][\d:]+(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)$| [\d:]+(?:[.,]\d+)?$)/;

/** Tells whether a YAML reader, of YAML 1.1 too, would take a plain scalar for something else than a string. */
function isAmbiguous(value: string): boolean {
  return (
    resolvePlainScalar(value).kind !== 'string' ||
    OLD_BOOLEAN.test(value) ||
    SEXAGESIMAL.test(value) ||
    TIMESTAMP.test(value)
  );
}

/** What go-yaml's emitter finds out about a text before it chooses how to write it. */
interface Analysis {
  readonly isMultiline: boolean;
  readonly plainInBlock: boolean;
  readonly plainInFlow: boolean;
  readonly singleQuoted: boolean;
  readonly literal: boolean;
}

// Carriage returns and next lines are line breaks, too, but never printed as they are.
const BREAK = /[\n\r\x85\u2028\u2029]/;
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udbff]/;
const FORBIDDEN_IN_BLOCK = /^[#,[\]{}&*!|>'"%@`]|^(?:---|\.\.\.)|^[-?](?:[ \t]|$)|:(?:[ \t]|$)|[ \t\n\u2028\u2029]#/;
const FORBIDDEN_IN_FLOW = /[,?[\]{}:]/;

function analyze(value: string): Analysis {
  const isMultiline = BREAK.test(value);
  const isSpecial = UNPRINTABLE.test(value) || / [\n\u2028\u2029]/.test(value);
  const quotesSingly = !isSpecial && !/\t|[\n\u2028\u2029] /.test(value);
  const isPlain = quotesSingly && !isMultiline && !/^ | $/.test(value);
  const plainInBlock = isPlain && !FORBIDDEN_IN_BLOCK.test(value);
  return {
    isMultiline,
    plainInBlock,
    plainInFlow: plainInBlock && value !== '' && !FORBIDDEN_IN_FLOW.test(value),
    singleQuoted: quotesSingly,
    literal: !isSpecial && !value.endsWith(' '),
  };
}

/** Where a scalar stands: one in a block continues on lines that begin with `margin`, `indent` columns in from its parent. */
export type ScalarPlace =
  { readonly place: 'block'; readonly margin: string; readonly indent: number } | { readonly place: 'key' | 'flow' };

/** Tells whether go-yaml writes a key before its colon on one line, and not after a question mark. */
export function isSimpleKey(key: string): boolean {
  return !BREAK.test(key) && encodeUtf8(key).length <= 128;
}

/** Writes a string as a YAML scalar the way go-yaml does: plain where it can be, and read back as the same string. */
export function writeYamlScalar(value: string, at: ScalarPlace): string {
  if (hasEscapedBytes(value)) return `!!binary ${Buffer.from(encodeUtf8(value)).toString('base64')}`;
  const analysis = analyze(value);
  if (analysis.isMultiline && at.place !== 'block') return doubleQuoted(value);
  if (value.includes('\n') && at.place === 'block') {
    return analysis.literal ? literal(value, at.margin, at.indent) : doubleQuoted(value);
  }
  if (isAmbiguous(value)) return doubleQuoted(value);
  if (at.place === 'flow' ? analysis.plainInFlow : analysis.plainInBlock) return value;
  if (!analysis.singleQuoted) return doubleQuoted(value);
  return singleQuoted(at.place === 'block' ? continueLines(value, at.margin) : value);
}

export function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Indents what follows line breaks. */
function continueLines(value: string, margin: string): string {
  return value.replace(/([\n\u2028\u2029])(?=[^\n\u2028\u2029])/g, `$1${margin}`);
}

function literal(value: string, margin: string, indent: number): string {
  const hint = /^[ \n\u2028\u2029]/.test(value) ? String(indent) : '';
  const chomp = !/[\n\u2028\u2029]$/.test(value) ? '-' : /^.?$|[\n\u2028\u2029]{2}$/s.test(value) ? '+' : '';
  const text = continueLines(value.endsWith('\n') ? value.slice(0, -1) : value, margin);
  return `|${hint}${chomp}\n${BREAK.test(text.charAt(0)) ? '' : margin}${text}`;
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
  // go-yaml takes every character for a byte order mark where the text begins with one.
  const escapesAll = value.startsWith('\ufeff');
  let quoted = '';
  for (const character of value) {
    const codePoint = character.codePointAt(0) as number;
    const escape = ESCAPES[character];
    if (escape !== undefined && !(escape === '\\_' && !escapesAll)) quoted += escape;
    else if (!escapesAll && !UNPRINTABLE.test(character)) quoted += character;
    else if (codePoint <= 0xff) quoted += `\\x${hex(codePoint, 2)}`;
    else if (codePoint <= 0xffff) quoted += `\\u${hex(codePoint, 4)}`;
    else quoted += `\\U${hex(codePoint, 8)}`;
  }
  return `"${quoted}"`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
