import { quote } from '../diagnostics/quote';
import type { ByteString } from '../language/ast';
import { sortKeys } from '../language/byte-string';
import { type Data, kindOf } from './data';
import type { Definition } from './definition';
import { limitText } from './limits';
import { EscNumber } from './number';
import { literalSchema } from './schema';
import { Value } from './value';

/**
 * Converts a known value to a string as interpolation does (language reference, section 12.1). Only an object's own
 * keys count.
 *
 * @throws LimitError for a text that is too long: each level quotes the quotes of those in it.
 */
export function stringOf(value: Value): ByteString {
  const { repr } = value;
  if (value.unknown) return '[unknown]';
  if (repr === null) return '';
  if (typeof repr === 'string') return repr;
  if (typeof repr === 'boolean') return String(repr);
  if (repr instanceof EscNumber) return repr.text;
  if (Array.isArray(repr)) return limitText((repr as readonly Value[]).map((item) => quote(stringOf(item))).join(','));
  const entries = repr as ReadonlyMap<ByteString, Value>;
  const pairs = sortKeys(entries.keys()).map((key) => `${quote(key)}=${quote(stringOf(entries.get(key) as Value))}`);
  return limitText(pairs.join(','));
}

/** The plain data of a value, merged keys included. */
export function dataOf(value: Value): Data {
  const { repr } = value;
  if (Array.isArray(repr)) return (repr as readonly Value[]).map(dataOf);
  if (!(repr instanceof Map)) return repr as Data;
  return new Map(value.keys().map((key) => [key, dataOf(value.property(key, value.def) as Value)]));
}

/** The plain data of a value's own keys: what `const` and `enum` compare. */
export function ownDataOf(value: Value): Data {
  const { repr } = value;
  if (Array.isArray(repr)) return (repr as readonly Value[]).map(ownDataOf);
  if (!(repr instanceof Map)) return repr as Data;
  return new Map([...(repr as ReadonlyMap<ByteString, Value>)].map(([key, item]) => [key, ownDataOf(item)]));
}

/** Makes a value of plain data; `def` defines it and all of its parts, whose schemas are those of literals. */
export function valueOfData(data: Data, def: Definition, isSecret = false): Value {
  const value = new Value(def, literalSchema(data));
  value.secret = isSecret;
  if (Array.isArray(data)) value.repr = data.map((item: Data) => valueOfData(item, def, isSecret));
  else if (data instanceof Map) {
    value.repr = new Map([...data].map(([key, item]) => [key, valueOfData(item, def, isSecret)] as const));
  } else value.repr = data as null | boolean | string | EscNumber;
  return value;
}

/** The JSON kind of a value's representation. */
export function kindOfValue(value: Value): string {
  return kindOf(value.repr);
}
