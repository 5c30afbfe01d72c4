import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureInTurn, milliseconds } from './statistics.mjs';

const MEGABYTES = 200;
const SECRETS = 500;
const ROUNDS = 3;
const WORDS = 'creating updated deployment service running the a of to in resource aws pulumi url port'.split(' ');

const CASES = [
  { what: 'of 24 bytes', secrets: createSecrets(() => 24, false), block: linesWith, goal: 6 },
  {
    // A sixth of this output is keys, and a third of the time goes into learning the forms of all secrets.
    what: 'of 8 to 80 bytes, one in ten a key of several lines',
    secrets: createSecrets((index) => 8 + (index % 72), true),
    block: linesWith,
    goal: 15,
  },
  {
    // The worst for whatever starts anew behind each mismatch: all of the output begins all of the secrets, to their last byte.
    what: 'that the output all but prints, at every second byte',
    secrets: Array.from({ length: SECRETS }, (_, index) => `${'ab'.repeat(index + 4)}c`),
    block: () => Buffer.from('ab'.repeat(500_000)),
    goal: 15,
  },
];

/** Redacting what a child prints, beside passing it on as it is, and beside replacing each secret in turn. */
export async function run({ root, log }) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (spawnSync(process.execPath, [tsc, '-b', 'tsconfig.json'], { cwd: root, stdio: 'inherit' }).status !== 0)
    throw new Error('the packages do not compile');
  const folder = mkdtempSync(join(tmpdir(), 'nx-esc-bench-'));
  const file = join(folder, 'output');
  try {
    const rows = [];
    for (const { what, secrets, block, goal } of CASES) {
      await writeOutput(file, block(secrets));
      log(`  measuring: secrets ${what}`);
      const pipe = (mode) => () => pass(root, { mode, file, secrets });
      const { plain, redacted, replaced } = await measureInTurn(
        { plain: pipe('plain'), redacted: pipe('redact'), replaced: pipe('replace') },
        ROUNDS,
      );
      const rate = (time) => `${Math.round((MEGABYTES / time) * 1000)} MB/s`;
      rows.push({
        what: `${MEGABYTES} MB of output with ${SECRETS} secrets ${what}, through a process of Node.js`,
        value: `${milliseconds(redacted)} (${rate(redacted)}), ${(redacted / plain).toFixed(2)} times passing it on`,
        peer: `passing it on ${milliseconds(plain)} (${rate(plain)}); split and join of the plain secrets alone, without chunk borders, ${milliseconds(replaced)} (from a tenth of it): ${(replaced / redacted).toFixed(1)} times ours`,
        ...(goal !== undefined && { goal: `at most ${goal} times passing it on`, holds: redacted / plain <= goal }),
      });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function createSecrets(length, withKeys) {
  return Array.from({ length: SECRETS }, (_, index) => {
    if (withKeys && index % 10 === 0) return randomBytes(600).toString('base64').replace(/.{64}/g, '$&\n');
    const bytes = randomBytes(length(index)).toString('base64');
    return bytes.slice(0, length(index));
  });
}

/** Lines such as a deployment prints; a secret in one of fifty. */
function linesWith(secrets) {
  const lines = Array.from({ length: 5000 }, (_, index) => {
    const words = Array.from({ length: 12 }, (__, at) => WORDS[(index * 7 + at * 3) % WORDS.length]);
    if (index % 50 === 0) words[5] = secrets[index % secrets.length];
    if (index % 10 === 0) words.push(randomBytes(16).toString('hex'));
    return `${index} ${words.join(' ')}\n`;
  });
  return Buffer.from(lines.join(''));
}

async function writeOutput(file, block) {
  const stream = createWriteStream(file, { mode: 0o600 });
  for (let written = 0; written < MEGABYTES * 1e6; written += block.length) {
    const part = block.subarray(0, Math.min(block.length, MEGABYTES * 1e6 - written));
    if (!stream.write(part)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

async function pass(root, { mode, file, secrets }) {
  const child = spawn(process.execPath, [join(root, 'tools/bench/redact-once.cjs'), mode, file], {
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  });
  child.stdin.end(JSON.stringify(secrets));
  let answer = '';
  child.stdio[3].on('data', (chunk) => (answer += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`passing output on (${mode}) failed`);
  return Number(answer);
}
