import { encodeUtf8, hasEscapedBytes } from '../byte-string';
import type { Mark } from './reader';

/**
 * A text that is no YAML. The message, which is part of the language, is go-yaml's: it counts the lines of a parser's
 * error from 0 and leaves line 0 out; of a scanner's from 1.
 */
export class YamlSyntaxError extends Error {
  constructor(
    readonly by: 'scanner' | 'parser',
    problem: string,
    /** Where the problem was met. */
    readonly mark: Mark,
    /** Where the construct that was being read begins, if go-yaml names one. */
    context?: Mark,
  ) {
    super(messageOf(by, problem, [context?.line, mark.line].find((line) => line !== undefined && line !== 0) ?? 0));
  }
}

function messageOf(by: 'scanner' | 'parser', problem: string, line: number): string {
  return line === 0 ? `yaml: ${problem}` : `yaml: line ${by === 'scanner' ? line + 1 : line}: ${problem}`;
}

/** Characters that go-yaml's reader refuses (YAML 1.1, section 5.1, `c-printable`). */
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/;

/** Finds the first character, or byte, that no YAML text may hold. */
export function findUnreadable(text: string): { readonly summary: string; readonly at: number } | undefined {
  const control = text.search(UNPRINTABLE);
  const broken = hasEscapedBytes(text) ? text.search(/(?<![\ud800-\udbff])[\udc80-\udcff]/) : -1;
  if (broken >= 0 && (control < 0 || broken < control)) {
    return { summary: `yaml: ${octetProblem(encodeUtf8(text.slice(broken, broken + 8)))}`, at: broken };
  }
  return control < 0 ? undefined : { summary: 'yaml: control characters are not allowed', at: control };
}

/** What is wrong with a byte sequence that is no UTF-8. */
function octetProblem(bytes: Uint8Array): string {
  const lead = bytes[0] as number;
  const width = lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0;
  if (width === 0) return 'invalid leading UTF-8 octet';
  if (bytes.length < width) return 'incomplete UTF-8 octet sequence';
  let value = lead & (0xff >> (width + 1));
  for (const trailing of bytes.subarray(1, width)) {
    if ((trailing & 0xc0) !== 0x80) return 'invalid trailing UTF-8 octet';
    value = (value << 6) | (trailing & 0x3f);
  }
  const isLongEnough = value >= (width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000);
  return isLongEnough ? 'invalid Unicode character' : 'invalid length of a UTF-8 sequence';
}
