import { decodeUtf8, encodeUtf8, hasEscapedBytes } from '../byte-string';

/** Characters that go-yaml's reader refuses (YAML 1.1, section 5.1, `c-printable`). */
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/;

/** A character, or byte, that no YAML text may hold. */
export interface Unreadable {
  readonly summary: string;
  readonly at: number;
  /** Where the part of the text begins that is read with it: go-yaml finds it once it has come there. */
  readonly from: number;
}

/** The reader has come to what cannot be read. */
export class UnreadableError extends Error {
  constructor(
    readonly at: number,
    summary: string,
  ) {
    super(summary);
  }
}

/** Finds the first part of a text that cannot be read. */
export function findUnreadable(text: string): Unreadable | undefined {
  const control = text.search(UNPRINTABLE);
  const broken = hasEscapedBytes(text) ? text.search(/(?<![\ud800-\udbff])[\udc80-\udcff]/) : -1;
  const at = broken >= 0 && (control < 0 || broken < control) ? broken : control;
  if (at < 0) return undefined;
  const problem =
    at === broken ? octetProblem(encodeUtf8(text.slice(at, at + 8))) : 'control characters are not allowed';
  return { summary: `yaml: ${problem}`, at, from: startOfPart(text.slice(0, at)) };
}

/** Bytes that go-yaml reads at a time. */
const PART = 512;

/** Offset at which the last part begins of those that a text is read in; a part does not split a character. */
function startOfPart(text: string): number {
  const bytes = encodeUtf8(text);
  let start = 0;
  for (let end = start + PART; end <= bytes.length; end = start + PART) {
    while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
    start = end;
  }
  return decodeUtf8(bytes.subarray(0, start)).length;
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
