import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaration, section } from './schema-reference.mjs';

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
    ...executors.map(({ name, folder, schema }) => [
      join(folder, 'schema.d.ts'),
      declaration(name, 'Executor', schema),
    ]),
  ]);
}
