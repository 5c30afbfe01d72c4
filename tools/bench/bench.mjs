import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Measures, each figure beside a peer in the same run, and prints ratios with their goals. `npm run bench -- deploy`
 * runs one benchmark, `--json` prints the results as JSON; they are kept in tmp/bench either way. `--projects=1000`
 * limits the graph to workspaces of that size, `--only=nx-esc` to some plugins, `--rounds=3` its repetitions.
 */
// prettier-ignore
const BENCHMARKS = [
  'engine',
  'deploy',
  'graph',
  'affected',
  'secrets',
  'redaction',
  'service',
  'shell',
];
const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');

async function main(args) {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.filter((name) => !BENCHMARKS.includes(name));
  if (unknown.length > 0) throw new Error(`no benchmark ${unknown.join(', ')}; there are: ${BENCHMARKS.join(', ')}`);
  const isJson = args.includes('--json');
  const flags = Object.fromEntries(
    args.flatMap((arg) => (arg.startsWith('--') && arg.includes('=') ? [arg.slice(2).split('=')] : [])),
  );
  const log = isJson ? () => {} : console.log;
  const results = {};
  for (const name of names.length > 0 ? names : BENCHMARKS) {
    log(`\n━━ ${name}`);
    const { run } = await import(`./${name}.bench.mjs`);
    results[name] = await run({ root, log, flags });
    for (const row of results[name]) log(describeRow(row));
  }
  mkdirSync(join(root, 'tmp', 'bench'), { recursive: true });
  writeFileSync(join(root, 'tmp', 'bench', 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  if (isJson) console.log(JSON.stringify(results, null, 2));
}

/** A row is `{ what, value, peer, goal? }`: sentences and figures as the benchmark words them. */
function describeRow({ what, value, peer, goal, holds }) {
  const verdict = goal === undefined ? '' : `   goal: ${goal} ${holds ? '✓' : '✗'}`;
  return `  ${what}\n      ${value}   beside ${peer}${verdict}`;
}

await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
