import type { Data } from './data';
import { EscNumber } from './number';
import { ALWAYS, NEVER, type Schema } from './schema';
import { SchemaError } from './schema-compiler';

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

type Reader = (data: Data, name: string) => unknown;
type Writer = (value: never) => Data;

/** Go's decoder takes a text that holds a number for one. */
const readNumber: Reader = (data, name) =>
  typeof data === 'string' && JSON_NUMBER.test(data)
    ? new EscNumber(data)
    : expect(data instanceof EscNumber, data, name);
const readString: Reader = (data, name) => expect(typeof data === 'string', data, name);
const readBoolean: Reader = (data, name) => expect(typeof data === 'boolean', data, name);
const readAny: Reader = (data) => data;
const readList =
  (item: Reader): Reader =>
  (data, name) =>
    (expect(Array.isArray(data), data, name) as readonly Data[]).map((entry) => item(entry, name));
const readMap =
  (item: Reader): Reader =>
  (data, name) =>
    new Map(
      [...(expect(data instanceof Map, data, name) as Map<string, Data>)].map(([key, entry]) => [
        key,
        item(entry, name),
      ]),
    );
const readSchema: Reader = (data) => schemaOfData(data);

const writeSame: Writer = (value) => value;
const writeSchema: Writer = (value) => dataOfSchema(value);
const writeSchemas: Writer = (value) => (value as readonly Schema[]).map(dataOfSchema);
const writeSchemaMap: Writer = (value) =>
  new Map([...(value as ReadonlyMap<string, Schema>)].map(([key, schema]) => [key, dataOfSchema(schema)]));

/** The keywords in the order in which they are written, each with how it is read and written (section 13.1). */
const KEYWORDS: readonly (readonly [keyof Schema, Reader, Writer])[] = [
  ['$defs', readMap(readSchema), writeSchemaMap],
  ['$ref', readString, writeSame],
  ['anyOf', readList(readSchema), writeSchemas],
  ['oneOf', readList(readSchema), writeSchemas],
  ['prefixItems', readList(readSchema), writeSchemas],
  ['items', readSchema, writeSchema],
  ['additionalProperties', readSchema, writeSchema],
  ['properties', readMap(readSchema), writeSchemaMap],
  ['type', readString, writeSame],
  ['const', readAny, writeSame],
  ['enum', readList(readAny), writeSame],
  ['multipleOf', readNumber, writeSame],
  ['maximum', readNumber, writeSame],
  ['exclusiveMaximum', readNumber, writeSame],
  ['minimum', readNumber, writeSame],
  ['exclusiveMinimum', readNumber, writeSame],
  ['maxLength', readNumber, writeSame],
  ['minLength', readNumber, writeSame],
  ['pattern', readString, writeSame],
  ['maxItems', readNumber, writeSame],
  ['minItems', readNumber, writeSame],
  ['uniqueItems', readBoolean, writeSame],
  ['maxProperties', readNumber, writeSame],
  ['minProperties', readNumber, writeSame],
  ['required', readList(readString), writeSame],
  ['dependentRequired', readMap(readList(readString)), writeSame],
  ['title', readString, writeSame],
  ['description', readString, writeSame],
  ['default', readAny, writeSame],
  ['deprecated', readBoolean, writeSame],
  ['examples', readList(readAny), writeSame],
  ['secret', readBoolean, writeSame],
  ['rotateOnly', readList(readString), writeSame],
];
const BY_LOWER_CASE = new Map(KEYWORDS.map((keyword) => [keyword[0].toLowerCase(), keyword]));

/**
 * Reads a schema from its JSON form. Keyword names match without regard to case, unknown keywords are ignored.
 *
 * @throws SchemaError for a keyword of the wrong kind.
 */
export function schemaOfData(data: Data): Schema {
  if (typeof data === 'boolean') return data ? ALWAYS : NEVER;
  if (!(data instanceof Map)) throw new SchemaError('a schema must be a boolean or an object');
  const schema: Partial<Record<keyof Schema, unknown>> = {};
  for (const [key, value] of data as ReadonlyMap<string, Data>) {
    const keyword = BY_LOWER_CASE.get(key.toLowerCase());
    if (keyword === undefined || value === null) continue;
    const [name, read] = keyword;
    schema[name] = read(value, key);
  }
  return schema as Schema;
}

/** Writes a schema as JSON data; `type` is always there, empty keywords are not. */
export function dataOfSchema(schema: Schema): Data {
  if (schema.always) return true;
  if (schema.never) return false;
  const data = new Map<string, Data>();
  for (const [name, , write] of KEYWORDS) {
    const value = schema[name];
    if (name === 'type') data.set('type', schema.type ?? '');
    else if (!isEmpty(name, value)) data.set(name, write(value as never));
  }
  return data;
}

function isEmpty(keyword: keyof Schema, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (keyword === 'const' || keyword === 'default') return false;
  if (value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return value instanceof Map && value.size === 0;
}

function expect(holds: boolean, data: Data, name: string): Data {
  if (!holds) throw new SchemaError(`schema keyword "${name}" has a value of the wrong kind`);
  return data;
}
