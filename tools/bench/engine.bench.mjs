import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Oracle } from '../oracle/oracle.mjs';
import { median, milliseconds } from './statistics.mjs';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');
const SECRET = 'ZXNjeAAAAAHo9e705fKyKo30VQ==';
/** The first rounds warm both up and are not counted. */
const ROUNDS = { rounds: 80, counted: 30 };
const DELAYED_REFERENCE = { rounds: 6, counted: 5 };

/** The evaluator beside the reference: 27 documents, ten calls of a provider; and how its cost grows. */
export async function run({ root, log }) {
  build(root);
  const oracle = new Oracle({ timeout: 120_000 });
  try {
    const files = shape(LETTERS.length);
    const rows = [];
    for (const { what, goal, holds, ...delays } of COMPARISONS) {
      const ours = median(engine(root, { files, rounds: ROUNDS.rounds, ...delays }).slice(-ROUNDS.counted));
      // The reference is compiled: it needs no warming, and with delays each of its rounds takes long.
      const { rounds, counted } = delays.openDelay || delays.loadDelay ? DELAYED_REFERENCE : ROUNDS;
      const theirs = median((await reference(oracle, { files, rounds, ...delays })).slice(-counted));
      rows.push({
        what: `opening 27 environments, ten providers: ${what}`,
        value: `${milliseconds(ours)}, ${(ours / theirs).toFixed(2)} times the reference (${(theirs / ours).toFixed(1)} times faster)`,
        peer: `the reference ${milliseconds(theirs)}`,
        goal,
        holds: holds(theirs / ours),
      });
      log(`  measured: ${what}`);
    }
    for (const [what, sizes, filesOf] of GROWTHS) rows.push(await growth(what, sizes, filesOf, root, oracle));
    return rows;
  } finally {
    oracle.close();
  }
}

const GROWTHS = [
  ['documents', [27, 270, 2700], (count) => shape(count - 1)],
  ['values', [1000, 10_000, 100_000], (count) => ({ env: values(count) })],
];

const COMPARISONS = [
  { what: 'no delays, warm', goal: 'at most 2.0 times', holds: (faster) => faster >= 0.5 },
  { what: '10 ms per open', openDelay: 10, goal: 'at least 6 times faster', holds: (faster) => faster >= 6 },
  { what: '10 ms per import', loadDelay: 10, goal: 'at least 8 times faster', holds: (faster) => faster >= 8 },
  {
    what: '10 ms per open and import',
    openDelay: 10,
    loadDelay: 10,
    goal: 'at least 8 times faster',
    holds: (faster) => faster >= 8,
  },
];

function build(root) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (spawnSync(process.execPath, [tsc, '-b', 'tsconfig.json'], { cwd: root, stdio: 'inherit' }).status !== 0)
    throw new Error('the packages do not compile');
}

/** A root that imports a number of environments, each with a secret, and opens ten providers. */
function shape(imports) {
  const names = Array.from({ length: imports }, (_, index) => `e${index}`);
  const files = {
    env: `imports:\n${names.map((name) => `  - ${name}\n`).join('')}values:\n  delays:\n${'    - fn::open::bench: {}\n'.repeat(10)}`,
  };
  for (const name of names) {
    files[name] = `values:
  env_${name}:
    token: {fn::secret: {ciphertext: ${SECRET}}}
  environmentVariables:
    env_${name}: \${env_${name}.token}
  pulumiConfig:
    env_${name}::token: \${env_${name}.token}
`;
  }
  return files;
}

function values(count) {
  const lines = Array.from({ length: count / 4 }, (_, index) => [
    `    k${index}: { a: text, b: ${index}, c: "\${group.k${Math.max(0, index - 1)}.b}" }`,
  ]);
  return `values:\n  group:\n${lines.flat().join('\n')}\n`;
}

function engine(root, request) {
  const { stdout, status, stderr } = spawnSync(process.execPath, [join(root, 'tools/bench/engine-once.cjs')], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout).milliseconds;
}

async function reference(oracle, { files, ...bench }) {
  const encoded = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
  );
  const answer = await oracle.ask({ op: 'bench', files: encoded, bench });
  if (answer === undefined) throw new Error('the reference did not come to an end');
  return JSON.parse(answer).milliseconds;
}

async function growth(what, sizes, filesOf, root, oracle) {
  const ours = [];
  const theirs = [];
  for (const size of sizes) {
    const request = { files: filesOf(size), rounds: size < 1000 ? 60 : size < 10_000 ? 20 : 6 };
    ours.push(Math.min(...engine(root, request).slice(-5)));
    // Beyond, the reference takes minutes over thousands of documents.
    if (theirs.length < 2) theirs.push(Math.min(...(await reference(oracle, { ...request, rounds: 3 }))));
  }
  const perUnit = (times) => times.map((time, index) => time / sizes[index] / (times[0] / sizes[0]));
  const show = (numbers) => numbers.map((number) => number.toFixed(2)).join(', ');
  return {
    what: `cost per one of ${sizes.join(', ')} ${what}, of the smallest's`,
    value: `${show(perUnit(ours))} (${ours.map(milliseconds).join(', ')})`,
    peer: `the reference ${show(perUnit(theirs))} (${theirs.map(milliseconds).join(', ')})`,
    goal: 'linear: at most 2',
    holds: perUnit(ours).every((ratio) => ratio <= 2),
  };
}
