import type { ByteString } from './ast';

const LONE_ESCAPE = /(?<![\uD800-\uDBFF])[\uDC80-\uDCFF]/;
const ESCAPE_BASE = 0xdc00;
const BEYOND_PLAIN_ORDER = /[\ud800-\uffff]/;

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Tells whether a string holds bytes that are not valid UTF-8. */
export function hasEscapedBytes(text: ByteString): boolean {
  return LONE_ESCAPE.test(text);
}

/** Decodes UTF-8; each byte that is not part of a valid sequence becomes a lone surrogate. A BOM is kept. */
export function decodeUtf8(bytes: Uint8Array): ByteString {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeInvalidUtf8(bytes);
  }
}

/** Encodes a byte string, turning escaped bytes back into what they were. */
export function encodeUtf8(text: ByteString): Uint8Array {
  if (!hasEscapedBytes(text)) return encoder.encode(text);
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (!isEscapedByteAt(text, index)) continue;
    if (index > start) pieces.push(encoder.encode(text.slice(start, index)));
    pieces.push(Uint8Array.of(text.charCodeAt(index) - ESCAPE_BASE));
    start = index + 1;
  }
  if (start < text.length) pieces.push(encoder.encode(text.slice(start)));
  return concatenate(pieces);
}

/** Makes a string built from pieces canonical: escaped bytes that have come to form valid UTF-8 become characters. */
export function normalizeBytes(text: ByteString): ByteString {
  return hasEscapedBytes(text) ? decodeUtf8(encodeUtf8(text)) : text;
}

/** Counts the bytes of a string's UTF-8 form. */
export function byteLength(text: ByteString): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit < 0xd800 || unit > 0xdfff) length += 2;
    else if (unit < 0xdc00 && index + 1 < text.length && isLowSurrogate(text.charCodeAt(index + 1))) {
      length += 2;
      index += 1;
    } else if (!isEscapedByteAt(text, index)) length += 2;
  }
  return length;
}

/** Compares by UTF-8 bytes, the order in which the language sorts keys (language reference, section 23.2). */
export function compareBytes(a: ByteString, b: ByteString): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    if (left < 0xd800 && right < 0xd800) return left - right;
    return compareEncoded(a, b);
  }
  return a.length - b.length;
}

/** Answers a record's or map's keys in UTF-8 byte order. */
export function sortKeys(keys: Iterable<ByteString>): ByteString[] {
  const list = [...keys];
  // Below the surrogates, the order of UTF-16 units is that of bytes.
  return list.some((key) => BEYOND_PLAIN_ORDER.test(key)) ? list.sort(compareBytes) : list.sort();
}

function compareEncoded(a: ByteString, b: ByteString): number {
  const left = encodeUtf8(a);
  const right = encodeUtf8(b);
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function isEscapedByteAt(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0xdc80 || unit > 0xdcff) return false;
  const before = index > 0 ? text.charCodeAt(index - 1) : 0;
  return before < 0xd800 || before > 0xdbff;
}

function decodeInvalidUtf8(bytes: Uint8Array): ByteString {
  let text = '';
  let start = 0;
  let index = 0;
  while (index < bytes.length) {
    const length = validSequenceLength(bytes, index);
    if (length > 0) {
      index += length;
      continue;
    }
    text += strictDecoder.decode(bytes.subarray(start, index));
    text += String.fromCharCode(ESCAPE_BASE + (bytes[index] as number));
    index += 1;
    start = index;
  }
  return text + strictDecoder.decode(bytes.subarray(start));
}

/** Length of the valid UTF-8 sequence at `index`, or 0 (RFC 3629: no overlong forms, surrogates or beyond U+10FFFF). */
function validSequenceLength(bytes: Uint8Array, index: number): number {
  const lead = bytes[index] as number;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0 || index + length > bytes.length) return 0;
  const second = bytes[index + 1] as number;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let offset = 2; offset < length; offset += 1) {
    const next = bytes[index + offset] as number;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    result.set(piece, offset);
    offset += piece.length;
  }
  return result;
}
