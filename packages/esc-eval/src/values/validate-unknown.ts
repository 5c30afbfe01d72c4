import { sortKeys } from '../language/byte-string';
import { joinIndex, joinKey } from '../language/property-path';
import type { Definition } from './definition';
import type { Schema } from './schema';
import { compiledPart } from './schema-compiler';

/** Something about a value that its schema does not allow, said where the value was defined. */
export interface Mismatch {
  readonly def: Definition;
  readonly summary: string;
}

/** Where in a value a schema is being compared: the nearest expression, and the path below it. */
export class Place {
  private constructor(
    readonly def: Definition,
    readonly prefix: string,
  ) {}

  static of(def: Definition): Place {
    return new Place(def, '');
  }

  descend(accessor: string | number): Place {
    const child = this.prefix === '' ? this.def.child?.(accessor) : undefined;
    if (child !== undefined) return new Place(child, '');
    const prefix = typeof accessor === 'number' ? joinIndex(this.prefix, accessor) : joinKey(this.prefix, accessor);
    return new Place(this.def, prefix);
  }

  mismatch(summary: string): Mismatch {
    return { def: this.def, summary: this.prefix === '' ? summary : `${this.prefix}: ${summary}` };
  }
}

/** Tells whether all that `schema` describes would satisfy `accept` (language reference, section 14.2). */
export function validateUnknown(
  schema: Schema | undefined,
  accept: Schema | undefined,
  place: Place,
  mismatches: Mismatch[],
): boolean {
  if (accept === undefined || accept.always === true) return true;
  if (accept.never === true) return false;
  if (schema === undefined || schema.always === true) return true;
  if (schema.never === true) return false;
  const against = (part: Schema | undefined, target: Schema | undefined): boolean =>
    validateUnknown(part, target, place, mismatches);
  const oneOf = (
    candidates: readonly Schema[] | undefined,
    test: (candidate: Schema, found: Mismatch[]) => boolean,
  ): boolean => candidates === undefined || matchesOne(candidates, test, place, mismatches);
  const ofSchema = (member: Schema, found: Mismatch[]): boolean => validateUnknown(member, accept, place, found);
  const ofAccept = (member: Schema, found: Mismatch[]): boolean => validateUnknown(schema, member, place, found);
  const results = [
    accept.$ref === undefined || against(schema, compiledPart(accept).reference),
    schema.$ref === undefined || against(compiledPart(schema).reference, accept),
    oneOf(schema.anyOf, ofSchema),
    oneOf(schema.oneOf, ofSchema),
    compareTypes(schema, accept, place, mismatches),
    oneOf(accept.anyOf, ofAccept),
    oneOf(accept.oneOf, ofAccept),
  ];
  if (schema.type === 'array') results.push(compareArrays(schema, accept, place, mismatches));
  if (schema.type === 'object') results.push(compareObjects(schema, accept, place, mismatches));
  return results.every(Boolean);
}

function matchesOne(
  candidates: readonly Schema[],
  test: (candidate: Schema, found: Mismatch[]) => boolean,
  place: Place,
  mismatches: Mismatch[],
): boolean {
  if (candidates.length === 0) return true;
  const found: Mismatch[] = [];
  if (candidates.some((candidate) => test(candidate, found))) return true;
  mismatches.push(...found, place.mismatch('at least one subschema must match'));
  return false;
}

function compareTypes(schema: Schema, accept: Schema, place: Place, mismatches: Mismatch[]): boolean {
  const type = schema.type ?? '';
  const expected = accept.type ?? '';
  if (type === '' || expected === '' || type === expected) return true;
  mismatches.push(place.mismatch(`expected ${expected}, got ${type}`));
  return false;
}

function compareArrays(schema: Schema, accept: Schema, place: Place, mismatches: Mismatch[]): boolean {
  const items = schema.prefixItems ?? [];
  const accepted = accept.prefixItems ?? [];
  let isValid = true;
  for (let index = 0; index < Math.max(items.length, accepted.length); index += 1) {
    const item = items[index] ?? schema.items;
    const expected = accepted[index] ?? accept.items;
    if (!validateUnknown(item, expected, place.descend(index), mismatches)) isValid = false;
  }
  if (schema.items !== undefined && schema.items.never !== true) {
    if (!validateUnknown(schema.items, accept.items, place, mismatches)) isValid = false;
  }
  return isValid;
}

function compareObjects(schema: Schema, accept: Schema, place: Place, mismatches: Mismatch[]): boolean {
  let isValid = true;
  for (const key of sortKeys(schema.properties?.keys() ?? [])) {
    const expected = accept.properties?.get(key) ?? accept.additionalProperties;
    if (!validateUnknown(schema.properties?.get(key), expected, place.descend(key), mismatches)) isValid = false;
  }
  if (schema.additionalProperties === undefined) return requireProperties(schema, accept, place, mismatches) && isValid;
  if (schema.additionalProperties.never === true) return isValid;
  return validateUnknown(schema.additionalProperties, accept.additionalProperties, place, mismatches) && isValid;
}

function requireProperties(schema: Schema, accept: Schema, place: Place, mismatches: Mismatch[]): boolean {
  const present = new Set(schema.required);
  const wanted = new Set(accept.required);
  for (const key of present) for (const dependent of accept.dependentRequired?.get(key) ?? []) wanted.add(dependent);
  const missing = [...wanted].filter((key) => !present.has(key));
  for (const key of missing) mismatches.push(place.descend(key).mismatch('missing required property'));
  return missing.length === 0;
}
