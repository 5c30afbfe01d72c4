import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { quote } from '../diagnostics/quote';
import type { EscNumber } from './number';
import type { Schema } from './schema';

/** A schema that cannot be used; the message is the reference evaluator's. */
export class SchemaError extends Error {}

/** What compiling finds out about a schema. */
export interface CompiledSchema {
  reference?: Schema;
  pattern?: RE2JS;
  isRotateOnly?: boolean;
}

const compiled = new WeakMap<Schema, CompiledSchema>();
const roots = new WeakMap<Schema, Schema>();
const COUNTS = ['maxLength', 'minLength', 'maxItems', 'minItems', 'maxProperties', 'minProperties'] as const;
const LARGEST_COUNT = 2n ** 64n - 1n;

/**
 * Compiles a schema: resolves references, checks counts and patterns, and pushes `rotateOnly` down (language reference,
 * section 13.3). Answers the schema to validate with, which is a copy where `rotateOnly` marks parts of it.
 *
 * @throws SchemaError
 */
export function compileSchema(schema: Schema): Schema {
  const known = roots.get(schema);
  if (known !== undefined) return known;
  const copy = hasRotateOnly(schema) ? cloneSchema(schema) : schema;
  new Compiler(copy).visit(copy, false);
  roots.set(schema, copy);
  return copy;
}

/** What compiling a schema found out about one of its parts. */
export function compiledPart(schema: Schema): CompiledSchema {
  return compiled.get(schema) ?? {};
}

class Compiler {
  readonly #seen = new Set<Schema>();

  constructor(readonly root: Schema) {}

  visit(schema: Schema, isRotateOnly: boolean): void {
    const part = compiled.get(schema) ?? {};
    if (this.#seen.has(schema) && (part.isRotateOnly === true || !isRotateOnly)) return;
    this.#seen.add(schema);
    if (isRotateOnly) part.isRotateOnly = true;
    if (schema.$ref !== undefined && schema.$ref !== '') part.reference = this.#resolve(schema.$ref);
    for (const name of COUNTS) checkCount(schema[name]);
    if (schema.pattern !== undefined) part.pattern = compilePattern(schema.pattern);
    if (Object.keys(part).length > 0) compiled.set(schema, part);
    for (const definition of schema.$defs?.values() ?? []) this.visit(definition, isRotateOnly);
    for (const member of childSchemas(schema)) this.visit(member, isRotateOnly);
    for (const [name, property] of schema.properties ?? []) {
      this.visit(property, isRotateOnly || (schema.rotateOnly?.includes(name) ?? false));
    }
  }

  #resolve(reference: string): Schema {
    if (!reference.startsWith('#/$defs/')) {
      throw new SchemaError('only fragment references of the form #/$defs/ref are supported');
    }
    const encoded = reference.slice('#/$defs/'.length);
    if (encoded.includes('/')) throw new SchemaError('only fragment references of the form #/$defs/ref are supported');
    const name = decodePercent(encoded);
    const target = this.root.$defs?.get(name);
    if (target === undefined) throw new SchemaError(`unknown subschema ${reference}`);
    return target;
  }
}

function decodePercent(text: string): string {
  const [escape] = /%(?![0-9a-fA-F]{2}).{0,2}/su.exec(text) ?? [];
  if (escape !== undefined) throw new SchemaError(`invalid URL escape ${quote(escape)}`);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function childSchemas(schema: Schema): Schema[] {
  const optional = [schema.items, schema.additionalProperties].filter((child) => child !== undefined);
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.prefixItems ?? []), ...optional];
}

function checkCount(count: EscNumber | undefined): void {
  if (count === undefined) return;
  const fault = !/^\d+$/.test(count.text)
    ? 'invalid syntax'
    : BigInt(count.text) > LARGEST_COUNT
      ? 'value out of range'
      : undefined;
  if (fault !== undefined) throw new SchemaError(`strconv.ParseUint: parsing ${quote(count.text)}: ${fault}`);
}

function compilePattern(pattern: string): RE2JS {
  // Few schemas have patterns, and the module takes as long to load as an environment takes to open.
  const { RE2JS } = createRequire(__filename)('re2js') as typeof import('re2js');
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const { message } = error as Error;
    throw new SchemaError(message.endsWith('trailing backslash at end of expression') ? `${message}: \`\`` : message);
  }
}

function hasRotateOnly(schema: Schema, seen = new Set<Schema>()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (schema.rotateOnly !== undefined) return true;
  const children = [...childSchemas(schema), ...(schema.properties?.values() ?? []), ...(schema.$defs?.values() ?? [])];
  return children.some((child) => hasRotateOnly(child, seen));
}

function cloneSchema(schema: Schema): Schema {
  const cloneMap = (map: ReadonlyMap<string, Schema>): ReadonlyMap<string, Schema> =>
    new Map([...map].map(([key, value]) => [key, cloneSchema(value)]));
  return {
    ...schema,
    ...(schema.$defs && { $defs: cloneMap(schema.$defs) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(cloneSchema) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(cloneSchema) }),
    ...(schema.prefixItems && { prefixItems: schema.prefixItems.map(cloneSchema) }),
    ...(schema.items && { items: cloneSchema(schema.items) }),
    ...(schema.additionalProperties && { additionalProperties: cloneSchema(schema.additionalProperties) }),
    ...(schema.properties && { properties: cloneMap(schema.properties) }),
  };
}

/** Tells whether a schema is for inputs that only rotations have; false for none. */
export function isRotateOnly(accept: Schema | undefined): boolean {
  return accept !== undefined && compiledPart(accept).isRotateOnly === true;
}
