import { sortKeys } from '../language/byte-string';
import type { Data } from './data';
import { kindOf } from './data';
import { type EscNumber } from './number';

/**
 * The subset of JSON Schema that describes values (language reference, section 13.1). `ALWAYS` and `NEVER` are the
 * schemas `true` and `false`. Schemas are immutable; what compiling finds out about one is kept beside it.
 */
export interface Schema {
  readonly always?: true;
  readonly never?: true;
  readonly $defs?: ReadonlyMap<string, Schema>;
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: ReadonlyMap<string, Schema>;
  readonly type?: string;
  readonly const?: Data;
  readonly enum?: readonly Data[];
  readonly multipleOf?: EscNumber;
  readonly maximum?: EscNumber;
  readonly exclusiveMaximum?: EscNumber;
  readonly minimum?: EscNumber;
  readonly exclusiveMinimum?: EscNumber;
  readonly maxLength?: EscNumber;
  readonly minLength?: EscNumber;
  readonly pattern?: string;
  readonly maxItems?: EscNumber;
  readonly minItems?: EscNumber;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: EscNumber;
  readonly minProperties?: EscNumber;
  readonly required?: readonly string[];
  readonly dependentRequired?: ReadonlyMap<string, readonly string[]>;
  readonly title?: string;
  readonly description?: string;
  readonly default?: Data;
  readonly deprecated?: boolean;
  readonly examples?: readonly Data[];
  readonly secret?: boolean;
  readonly rotateOnly?: readonly string[];
}

export const ALWAYS: Schema = { always: true };
export const NEVER: Schema = { never: true };
export const STRING: Schema = { type: 'string' };
export const STRINGS: Schema = { items: STRING, type: 'array' };

/** The schema of an object with exactly these properties, all of them required. */
export function recordSchema(properties: ReadonlyMap<string, Schema>): Schema {
  if (properties.size === 0) return { type: 'object' };
  return { properties, type: 'object', required: sortKeys(properties.keys()) };
}

/** The schema of an array with exactly these items. */
export function tupleSchema(prefixItems: readonly Schema[]): Schema {
  return prefixItems.length === 0 ? { items: NEVER, type: 'array' } : { prefixItems, items: NEVER, type: 'array' };
}

/** The schema that only a literal satisfies: null has no const of its own. */
export function literalSchema(data: Data): Schema {
  if (Array.isArray(data)) return tupleSchema(data.map(literalSchema));
  if (data instanceof Map) return recordSchema(new Map([...data].map(([key, value]) => [key, literalSchema(value)])));
  return data === null ? { type: 'null' } : { type: kindOf(data), const: data };
}

/** The schema of an item of what a schema describes (language reference, section 13.2). */
export function itemSchema(schema: Schema, index: number): Schema {
  if (schema.always) return ALWAYS;
  const local = schema.type === 'array' ? (schema.prefixItems?.[index] ?? schema.items ?? missingItems(schema)) : NEVER;
  return unionOf(schema, (member) => itemSchema(member, index), local);
}

/** The schema of a property of what a schema describes. */
export function propertySchema(schema: Schema, key: string): Schema {
  if (schema.always) return ALWAYS;
  const local =
    schema.type === 'object' ? (schema.properties?.get(key) ?? schema.additionalProperties ?? NEVER) : NEVER;
  return unionOf(schema, (member) => propertySchema(member, key), local);
}

function missingItems(schema: Schema): Schema {
  return schema.prefixItems === undefined ? ALWAYS : NEVER;
}

function unionOf(schema: Schema, part: (member: Schema) => Schema, local: Schema): Schema {
  if (schema.never) return NEVER;
  const members = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map(part);
  const candidates = [...members, local].filter((candidate) => !candidate.never);
  if (candidates.length === 0) return NEVER;
  return candidates.length === 1 ? (candidates[0] as Schema) : { oneOf: candidates };
}

/** The schema of a value merged over another (language reference, section 11.3). */
export function mergedSchema(base: Schema | undefined, top: Schema): Schema {
  if (base === undefined || base.type !== 'object' || top.type !== 'object') return top;
  const properties = new Map(base.properties);
  for (const [key, schema] of top.properties ?? []) properties.set(key, mergedSchema(properties.get(key), schema));
  const record = recordSchema(properties);
  const additional = mergedAdditional(base.additionalProperties, top.additionalProperties);
  return additional === undefined ? record : { ...record, additionalProperties: additional };
}

function mergedAdditional(base: Schema | undefined, top: Schema | undefined): Schema | undefined {
  if (base === undefined) return top;
  return top === undefined ? base : ALWAYS;
}
