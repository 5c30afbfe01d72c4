import type { ByteString } from '../language/ast';
import { EscNumber } from './number';

/** Plain JSON data with numbers as text and objects as Maps, so that nothing is rounded and no key meets a prototype. */
export type Data = null | boolean | EscNumber | ByteString | readonly Data[] | ReadonlyMap<ByteString, Data>;

export type DataKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** Names the JSON kind of data or of a value's representation. */
export function kindOf(data: unknown): DataKind {
  if (data === null || data === undefined) return 'null';
  if (typeof data === 'boolean') return 'boolean';
  if (typeof data === 'string') return 'string';
  if (data instanceof EscNumber) return 'number';
  return Array.isArray(data) ? 'array' : 'object';
}

/** Compares deeply; numbers are equal when their texts are (language reference, section 2.2). */
export function equalData(a: Data, b: Data): boolean {
  if (a === b) return true;
  if (a instanceof EscNumber) return b instanceof EscNumber && a.text === b.text;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalData(item, b[index]));
  }
  if (!(a instanceof Map) || !(b instanceof Map) || a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !equalData(value, other)) return false;
  }
  return true;
}

/** Turns what JavaScript programs hold (records, Maps, numbers, bigints) into data. */
export function toData(input: unknown): Data {
  if (input === null || input === undefined) return null;
  if (typeof input === 'boolean' || typeof input === 'string' || input instanceof EscNumber) return input;
  if (typeof input === 'number' || typeof input === 'bigint') return new EscNumber(String(input));
  if (Array.isArray(input)) return input.map(toData);
  if (typeof input !== 'object') throw new TypeError(`a ${typeof input} is no data`);
  const entries = input instanceof Map ? input : Object.entries(input);
  return new Map([...entries].map(([key, value]) => [String(key), toData(value)]));
}
