import { type Schema, schemaOfData, toData } from 'esc-eval';

/** A JSON Schema as data. */
export type SchemaData = Readonly<Record<string, unknown>> | boolean;

export const string: SchemaData = { type: 'string' };
export const boolean: SchemaData = { type: 'boolean' };
export const number: SchemaData = { type: 'number' };
export const anything: SchemaData = true;
export const strings = arrayOf(string);
/** Durations such as `1h30m`. */
export const duration: SchemaData = { type: 'string', pattern: '^([0-9]+h)?([0-9]+m)?([0-9]+s)?$' };

/** An object; names that end in `*` are required. Further properties are allowed, as in Pulumi Cloud. */
export function object(properties: Readonly<Record<string, SchemaData>>): SchemaData {
  const names = Object.keys(properties);
  const required = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name.replace(/\*$/, ''), schema]),
    ),
    additionalProperties: true,
    ...(required.length > 0 && { required }),
  };
}

export function arrayOf(items: SchemaData): SchemaData {
  return { type: 'array', items };
}

export function mapOf(values: SchemaData): SchemaData {
  return { type: 'object', additionalProperties: values };
}

/** A map that names at least one thing. */
export function someOf(values: SchemaData): SchemaData {
  return { type: 'object', additionalProperties: values, minProperties: 1 };
}

export function oneOf(...schemas: readonly SchemaData[]): SchemaData {
  return { oneOf: schemas };
}

export function schema(data: SchemaData): Schema {
  return schemaOfData(toData(data));
}

/** Parts of the subject of a token of Pulumi Cloud; a token of a CI has its own. */
export const subjectAttributes = arrayOf({
  type: 'string',
  enum: [
    'pulumi.user.login',
    'pulumi.organization.login',
    'pulumi.token.type',
    'pulumi.token.team',
    'currentEnvironment.name',
    'rootEnvironment.name',
  ],
});
