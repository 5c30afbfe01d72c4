import { createSyntheticRange } from '../diagnostics/range';
import type { ExportedData, ExportedValue } from '../values/exported-value';
import { EscNumber } from '../values/number';

/** A value as JSON keeps it: scalars as they are, everything else as a record that says what it is. */
type Encoded =
  | null
  | boolean
  | string
  | { readonly n: string }
  | { readonly a: readonly EncodedValue[] }
  | { readonly m: readonly (readonly [string, EncodedValue])[] };
interface EncodedValue {
  readonly v: Encoded;
  readonly s?: 1;
  readonly u?: 1;
}

const TRACE = { def: createSyntheticRange() };

/** Writes a value with its flags, without its provenance, so that `decodeValue` restores it exactly. Secrets are in it. */
export function encodeValue(value: ExportedValue): string {
  return JSON.stringify(encode(value));
}

/** Restores a value that `encodeValue` wrote. */
export function decodeValue(text: string): ExportedValue {
  return decode(JSON.parse(text) as EncodedValue);
}

function encode({ value, secret, unknown }: ExportedValue): EncodedValue {
  return { v: encodeData(value), ...(secret && { s: 1 }), ...(unknown && { u: 1 }) };
}

function encodeData(value: ExportedData): Encoded {
  if (value instanceof EscNumber) return { n: value.text };
  if (Array.isArray(value)) return { a: (value as readonly ExportedValue[]).map(encode) };
  if (value instanceof Map) {
    return { m: [...(value as ReadonlyMap<string, ExportedValue>)].map(([key, item]) => [key, encode(item)] as const) };
  }
  return value as null | boolean | string;
}

function decode({ v, s, u }: EncodedValue): ExportedValue {
  return { value: decodeData(v), ...(s && { secret: true }), ...(u && { unknown: true }), trace: TRACE };
}

function decodeData(encoded: Encoded): ExportedData {
  if (encoded === null || typeof encoded !== 'object') return encoded;
  if ('n' in encoded) return new EscNumber(encoded.n);
  if ('a' in encoded) return encoded.a.map(decode);
  return new Map(encoded.m.map(([key, item]) => [key, decode(item)]));
}
