const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...ALPHABET].map((character, value) => [character.charCodeAt(0), value]));
const PADDING = 0x3d;

/** A text that is not base64; the message is that of Go's decoder. */
export class Base64Error extends Error {
  constructor(readonly offset: number) {
    super(`illegal base64 data at input byte ${offset}`);
  }
}

const isNewline = (byte: number): boolean => byte === 0x0a || byte === 0x0d;

/**
 * Decodes standard padded base64 with the error offsets of Go (language reference, section 12.6). Newlines are skipped.
 *
 * @throws Base64Error
 */
export function decodeBase64(input: Uint8Array): Uint8Array {
  const output = new Uint8Array(Math.ceil(input.length / 4) * 3);
  let length = 0;
  let group = 0;
  let count = 0;
  for (let index = 0; index < input.length; index += 1) {
    const byte = input[index] as number;
    if (isNewline(byte)) continue;
    const value = VALUES.get(byte);
    if (value === undefined) {
      if (byte !== PADDING || count < 2) throw new Base64Error(index);
      requirePadding(input, index, count);
      group <<= 6 * (4 - count);
      output[length++] = group >> 16;
      if (count === 3) output[length++] = (group >> 8) & 0xff;
      return output.subarray(0, length);
    }
    group = (group << 6) | value;
    count += 1;
    if (count < 4) continue;
    output[length++] = group >> 16;
    output[length++] = (group >> 8) & 0xff;
    output[length++] = group & 0xff;
    group = 0;
    count = 0;
  }
  if (count > 0) throw new Base64Error(input.length - count);
  return output.subarray(0, length);
}

/** Checks what follows the first `=` of a group: a second one after two characters, and then nothing but newlines. */
function requirePadding(input: Uint8Array, start: number, count: number): void {
  let index = skipNewlines(input, start + 1);
  if (count === 2) {
    if (index >= input.length) throw new Base64Error(input.length);
    if (input[index] !== PADDING) throw new Base64Error(index - 1);
    index = skipNewlines(input, index + 1);
  }
  if (index < input.length) throw new Base64Error(index);
}

function skipNewlines(input: Uint8Array, start: number): number {
  let index = start;
  while (index < input.length && isNewline(input[index] as number)) index += 1;
  return index;
}
