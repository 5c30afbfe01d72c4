import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaration, optionsTable, section } from './schema-reference.mjs';

const PACKAGE = 'packages/nx-esc';
const TABLE = /(<!-- options: npm run docs -->\n)[^]*?(<!-- end of options -->)/;

/**
 * docs/reference/generators.md, the types of each generator's options, and the table of options in each
 * docs/generators/<name>.md, from their schemas, by file.
 */
export function generatorFiles(root) {
  const read = (file) => JSON.parse(readFileSync(join(root, PACKAGE, file), 'utf8'));
  const generators = Object.entries(read('generators.json').generators).map(([name, { schema }]) => ({
    name,
    folder: join(PACKAGE, schema.replace(/^\.\//, ''), '..'),
    schema: read(schema),
  }));
  const withOptions = generators.filter(({ schema }) => Object.keys(schema.properties).length > 0);
  const reference = `# Generators

Written from their schemas by \`npm run docs\`.

${withOptions.map(({ name, schema }) => section(name, schema)).join('\n')}`;
  return new Map([
    ['docs/reference/generators.md', reference],
    ...withOptions.map(({ name, folder, schema }) => [
      join(folder, 'schema.d.ts'),
      declaration(name, 'Generator', schema),
    ]),
    ...withOptions.flatMap(({ name, schema }) => pageWithTable(root, `docs/generators/${name}.md`, schema)),
  ]);
}

function pageWithTable(root, page, schema) {
  if (!existsSync(join(root, page))) return [];
  const text = readFileSync(join(root, page), 'utf8');
  if (!TABLE.test(text)) throw new Error(`${page} has no place for its table of options`);
  return [[page, text.replace(TABLE, (_, begin, end) => `${begin}\n${optionsTable(schema)}\n\n${end}`)]];
}
