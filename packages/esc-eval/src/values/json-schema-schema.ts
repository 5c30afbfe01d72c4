import type { Schema } from './schema';
import { compileSchema } from './schema-compiler';

const SCHEMA: Schema = { $ref: '#/$defs/schema' };
const ANY: Schema = {};
const STRING: Schema = { type: 'string' };
const NUMBER: Schema = { type: 'number' };
const BOOLEAN: Schema = { type: 'boolean' };
const arrayOf = (items: Schema): Schema => ({ items, type: 'array' });
const mapOf = (additionalProperties: Schema): Schema => ({ additionalProperties, type: 'object' });

const KEYWORDS: Readonly<Record<string, Schema>> = {
  $defs: mapOf(SCHEMA),
  $ref: STRING,
  anyOf: arrayOf(SCHEMA),
  oneOf: arrayOf(SCHEMA),
  prefixItems: arrayOf(SCHEMA),
  items: SCHEMA,
  additionalProperties: SCHEMA,
  properties: mapOf(SCHEMA),
  type: { type: 'string', enum: ['string', 'number', 'boolean', 'array', 'object', 'null'] },
  const: ANY,
  enum: { type: 'array' },
  multipleOf: NUMBER,
  maximum: NUMBER,
  exclusiveMaximum: NUMBER,
  minimum: NUMBER,
  exclusiveMinimum: NUMBER,
  maxLength: NUMBER,
  minLength: NUMBER,
  pattern: STRING,
  maxItems: NUMBER,
  minItems: NUMBER,
  uniqueItems: BOOLEAN,
  maxProperties: NUMBER,
  minProperties: NUMBER,
  required: arrayOf(STRING),
  dependentRequired: mapOf(arrayOf(STRING)),
  title: STRING,
  description: STRING,
  default: ANY,
  deprecated: BOOLEAN,
  examples: { type: 'array' },
};

/** The schema that the schemas of `fn::validate` must satisfy (language reference, section 13.4). */
export const JSON_SCHEMA_SCHEMA: Schema = compileSchema({
  $defs: new Map([['schema', { anyOf: [BOOLEAN, { type: 'object', properties: new Map(Object.entries(KEYWORDS)) }] }]]),
  $ref: '#/$defs/schema',
});
