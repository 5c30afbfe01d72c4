import { quote } from '../diagnostics/quote';
import { byteLength } from '../language/byte-string';
import { kindOfValue, ownDataOf } from './convert';
import { type Data, equalData } from './data';
import { compareDecimals, isMultipleOf } from './decimal';
import { UnsupportedNumberError, writeJson } from './json-writer';
import type { EscNumber } from './number';
import type { Schema } from './schema';
import { compiledPart } from './schema-compiler';
import { type Mismatch, Place, validateUnknown } from './validate-unknown';
import type { Value } from './value';

/**
 * Validates a value against a schema that has been compiled (language reference, section 14.1). Answers whether it is
 * valid; `false` schemas refuse without a mismatch, as in the reference.
 */
export function validate(value: Value, accept: Schema | undefined, mismatches: Mismatch[]): boolean {
  if (accept === undefined || accept.always === true) return true;
  if (accept.never === true) return false;
  if (value.unknown) return validateUnknown(value.schema, accept, Place.of(value.def), mismatches);
  const report = (summary: string): false => {
    mismatches.push({ def: value.def, summary });
    return false;
  };
  const results = [
    accept.$ref === undefined || validate(value, compiledPart(accept).reference, mismatches),
    isEmpty(accept.anyOf) || validateAny(value, accept.anyOf, mismatches, report),
    isEmpty(accept.oneOf) || validateOne(value, accept.oneOf, mismatches, report),
    validateConst(value, accept, report),
    validateType(value, accept, mismatches, report),
  ];
  return results.every(Boolean);
}

/** An empty list allows everything, as none does. */
function isEmpty(members: readonly unknown[] | undefined): members is readonly [] | undefined {
  return members === undefined || members.length === 0;
}

type Report = (summary: string) => false;

function validateAny(value: Value, members: readonly Schema[], mismatches: Mismatch[], report: Report): boolean {
  const found: Mismatch[] = [];
  if (members.some((member) => validate(value, member, found))) return true;
  mismatches.push(...found);
  return report('at least one subschema must match');
}

function validateOne(value: Value, members: readonly Schema[], mismatches: Mismatch[], report: Report): boolean {
  const found: Mismatch[] = [];
  let matches = 0;
  for (const member of members) {
    if (!validate(value, member, found)) continue;
    matches += 1;
    if (matches > 1) return report('exactly one subschema may match');
  }
  if (matches === 1) return true;
  mismatches.push(...found);
  return report('exactly one subschema must match');
}

function validateConst(value: Value, accept: Schema, report: Report): boolean {
  const candidates = isEmpty(accept.enum) ? undefined : accept.enum;
  if (accept.const === undefined && candidates === undefined) return true;
  const data = ownDataOf(value);
  let isValid = true;
  if (accept.const !== undefined && accept.const !== null && !equalData(data, accept.const)) {
    isValid = report(`expected ${describe(accept.const)}`);
  }
  if (candidates !== undefined && !candidates.some((candidate) => equalData(data, candidate))) {
    isValid = report(describeEnum(candidates));
  }
  return isValid;
}

/** JSON has no infinities and no NaN; the reference leaves the text out then. */
function describe(data: Data): string {
  try {
    return writeJson(data);
  } catch (error) {
    if (error instanceof UnsupportedNumberError) return '';
    throw error;
  }
}

function describeEnum(candidates: readonly Data[]): string {
  const [only] = candidates;
  return candidates.length === 1 ? `expected ${describe(only as Data)}` : `expected one of ${describe(candidates)}`;
}

function validateType(value: Value, accept: Schema, mismatches: Mismatch[], report: Report): boolean {
  const kind = kindOfValue(value);
  const type = accept.type ?? '';
  if (type !== '' && type !== kind) return report(`expected ${type}, got ${kind}`);
  switch (kind) {
    case 'number':
      return validateNumber((value.repr as EscNumber).text, accept, report);
    case 'string':
      return validateString(value.repr as string, accept, report);
    case 'array':
      return validateArray(value.repr as readonly Value[], accept, mismatches, report);
    case 'object':
      return validateObject(value, accept, mismatches, report);
    default:
      return true;
  }
}

function validateNumber(text: string, accept: Schema, report: Report): boolean {
  const compare = (limit: EscNumber): number => compareDecimals(text, limit.text) ?? Number.NaN;
  let isValid = true;
  if (accept.multipleOf !== undefined && !isMultipleOf(text, accept.multipleOf.text)) {
    isValid = report(`expected a multiple of ${accept.multipleOf.text}`);
  }
  if (accept.minimum !== undefined && !(compare(accept.minimum) >= 0)) {
    isValid = report(`expected a number greater than or equal to ${accept.minimum.text}`);
  }
  if (accept.exclusiveMinimum !== undefined && !(compare(accept.exclusiveMinimum) > 0)) {
    isValid = report(`expected a number greater than ${accept.exclusiveMinimum.text}`);
  }
  if (accept.maximum !== undefined && !(compare(accept.maximum) <= 0)) {
    isValid = report(`expected a number less than or equal to${accept.maximum.text}`);
  }
  if (accept.exclusiveMaximum !== undefined && !(compare(accept.exclusiveMaximum) < 0)) {
    isValid = report(`expected a number less than ${accept.exclusiveMaximum.text}`);
  }
  return isValid;
}

function validateString(text: string, accept: Schema, report: Report): boolean {
  let isValid = true;
  if (isBelow(byteLength(text), accept.minLength)) {
    isValid = report(`expected a string of at least length ${accept.minLength?.text}`);
  }
  if (isAbove(byteLength(text), accept.maxLength)) {
    isValid = report(`expected a string of at most length ${accept.maxLength?.text}`);
  }
  const { pattern } = compiledPart(accept);
  if (pattern !== undefined && !pattern.matcher(text).find()) {
    isValid = report(`string must match the pattern ${quote(accept.pattern as string)}`);
  }
  return isValid;
}

function validateArray(items: readonly Value[], accept: Schema, mismatches: Mismatch[], report: Report): boolean {
  let isValid = true;
  if (isBelow(items.length, accept.minItems)) {
    isValid = report(`expected an array with at least ${accept.minItems?.text} items`);
  }
  if (isAbove(items.length, accept.maxItems)) {
    isValid = report(`expected an array with at most ${accept.maxItems?.text} items`);
  }
  items.forEach((item, index) => {
    if (!validate(item, accept.prefixItems?.[index] ?? accept.items, mismatches)) isValid = false;
  });
  return isValid;
}

function validateObject(value: Value, accept: Schema, mismatches: Mismatch[], report: Report): boolean {
  const keys = value.keys();
  let isValid = true;
  if (isBelow(keys.length, accept.minProperties)) {
    isValid = report(`expected an object with at least ${accept.minProperties?.text} properties`);
  }
  if (isAbove(keys.length, accept.maxProperties)) {
    isValid = report(`expected an object with at most ${accept.maxProperties?.text} properties`);
  }
  const required = [...(accept.required ?? [])];
  for (const key of keys) {
    const property = value.property(key, value.def) as Value;
    if (!validate(property, accept.properties?.get(key) ?? accept.additionalProperties, mismatches)) isValid = false;
    required.push(...(accept.dependentRequired?.get(key) ?? []));
  }
  const present = new Set(keys);
  const missing = required.filter((key) => !present.has(key));
  return missing.length === 0 ? isValid : report(`missing required properties: ${missing.join(', ')}`);
}

function isBelow(count: number, limit: EscNumber | undefined): boolean {
  return limit !== undefined && BigInt(count) < BigInt(limit.text);
}

function isAbove(count: number, limit: EscNumber | undefined): boolean {
  return limit !== undefined && BigInt(count) > BigInt(limit.text);
}
