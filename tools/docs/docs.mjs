import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { failurePages } from './failures.mjs';
import { executorFiles } from './executors.mjs';
import { generatorFiles } from './generators.mjs';

/**
 * Writes what is generated: docs/failures.md and a page for each code, docs/reference/executors.md and generators.md,
 * the types of their options, and the tables in docs/generators. With `--check` it writes nothing, and fails where a file is not as it would be written.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

async function main(isCheck) {
  const files = new Map([...failurePages(root, loadCatalogue()), ...executorFiles(root), ...generatorFiles(root)]);
  const stale = [];
  for (const [name, text] of files) {
    const file = join(root, name);
    const options = await resolveConfig(file);
    const formatted = await format(text, { ...options, filepath: file });
    if (existsSync(file) && readFileSync(file, 'utf8') === formatted) continue;
    stale.push(name);
    if (isCheck) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, formatted);
  }
  const folder = join(root, 'docs', 'failures');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (files.has(relative(root, join(folder, name)))) continue;
    stale.push(relative(root, join(folder, name)));
    if (!isCheck) rmSync(join(folder, name));
  }
  if (stale.length === 0) return;
  console.log(stale.map((name) => `${isCheck ? 'stale' : 'wrote'} ${name}`).join('\n'));
  if (isCheck) {
    console.log('run: npm run docs');
    process.exitCode = 1;
  }
}

/** The catalogue is read from its source: no build is needed. */
function loadCatalogue() {
  process.env.SWC_NODE_PROJECT ??= join(root, 'tsconfig.base.json');
  const require = createRequire(import.meta.url);
  require('@swc-node/register');
  return require(join(root, 'packages/nx-esc/src/failures/catalogue/index.ts')).FAILURES;
}

await main(process.argv.includes('--check'));
