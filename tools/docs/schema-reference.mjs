/** What is made from the schemas of executors and generators: tables of their options, and types. */

/** A section of a reference. */
export function section(name, schema) {
  return `## nx-esc:${name}

${schema.description}

${optionsTable(schema)}
`;
}

/** The options that are not for Nx alone, as a table. */
export function optionsTable({ properties = {}, required = [] }) {
  const rows = Object.entries(properties).map(([option, schema]) => {
    const type = typeOf(schema).replaceAll('readonly ', '').replaceAll('|', '\\|');
    const notes = [
      required.includes(option) ? 'Required.' : '',
      'default' in schema ? `Default: \`${schema.default}\`.` : '',
    ];
    return `| \`${option}\` | \`${type}\` | ${[schema.description, ...notes].filter(Boolean).join(' ').replaceAll('|', '\\|')} |`;
  });
  return `| option | type | means |
| --- | --- | --- |
${rows.join('\n')}`;
}

/** The TypeScript of the options of an executor or a generator. */
export function declaration(name, kind, { description, properties = {}, required = [] }) {
  const members = Object.entries(properties).map(([option, schema]) => {
    const comment = schema.description === undefined ? '' : `  /** ${schema.description.replaceAll('*/', '*\\/')} */\n`;
    const isRequired = required.includes(option);
    return `${comment}  readonly ${quoteKey(option)}${isRequired ? '' : '?'}: ${typeOf(schema)};`;
  });
  return `// Written from schema.json by npm run docs.

/** ${description} */
export interface ${pascalCase(name)}${kind}Schema {
${members.join('\n')}
}
`;
}

/** The TypeScript of a schema, as far as the schemas of executors go. */
function typeOf({
  type,
  enum: values,
  const: value,
  items,
  oneOf,
  anyOf,
  properties,
  additionalProperties,
  required = [],
}) {
  if (values !== undefined) return values.map((each) => JSON.stringify(each)).join(' | ');
  if (value !== undefined) return JSON.stringify(value);
  const either = oneOf ?? anyOf;
  if (either !== undefined) return either.map(typeOf).join(' | ');
  if (Array.isArray(type)) return type.map((each) => typeOf({ type: each, items })).join(' | ');
  if (type === 'array') return `readonly (${typeOf(items ?? {})})[]`;
  if (type === 'object' && properties !== undefined) {
    const members = Object.entries(properties).map(
      ([key, schema]) => `readonly ${quoteKey(key)}${required.includes(key) ? '' : '?'}: ${typeOf(schema)}`,
    );
    return `{ ${members.join('; ')} }`;
  }
  if (type === 'object') {
    const values = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  if (type === 'integer' || type === 'number') return 'number';
  return type ?? 'unknown';
}

const quoteKey = (key) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key));
const pascalCase = (name) => name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());
