import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = 'packages/nx-esc';

/** docs/reference/executors.md and the types of each executor's options, from their schemas, by file. */
export function executorFiles(root) {
  const read = (file) => JSON.parse(readFileSync(join(root, PACKAGE, file), 'utf8'));
  const executors = Object.entries(read('executors.json').executors).map(([name, { schema }]) => ({
    name,
    folder: join(PACKAGE, schema.replace(/^\.\//, ''), '..'),
    schema: read(schema),
  }));
  const reference = `# Executors

Written from their schemas by \`npm run docs\`.

${executors.map(({ name, schema }) => section(name, schema)).join('\n')}`;
  return new Map([
    ['docs/reference/executors.md', reference],
    ...executors.map(({ name, folder, schema }) => [join(folder, 'schema.d.ts'), declaration(name, schema)]),
  ]);
}

function section(name, { description, properties = {}, required = [] }) {
  const rows = Object.entries(properties).map(([option, schema]) => {
    const type = typeOf(schema).replaceAll('readonly ', '').replaceAll('|', '\\|');
    const notes = [
      required.includes(option) ? 'Required.' : '',
      'default' in schema ? `Default: \`${schema.default}\`.` : '',
    ];
    return `| \`${option}\` | \`${type}\` | ${[schema.description, ...notes].filter(Boolean).join(' ').replaceAll('|', '\\|')} |`;
  });
  return `## nx-esc:${name}

${description}

| option | type | means |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function declaration(name, { description, properties = {}, required = [] }) {
  const members = Object.entries(properties).map(([option, schema]) => {
    const comment = schema.description === undefined ? '' : `  /** ${schema.description.replaceAll('*/', '*\\/')} */\n`;
    const isRequired = required.includes(option);
    return `${comment}  readonly ${quoteKey(option)}${isRequired ? '' : '?'}: ${typeOf(schema)};`;
  });
  return `// Written from schema.json by npm run docs.

/** ${description} */
export interface ${pascalCase(name)}ExecutorSchema {
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
