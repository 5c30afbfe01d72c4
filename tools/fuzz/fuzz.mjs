import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareAnswers, parseAnswer, runCase, writeJson } from '../conformance/case-folder.mjs';
import { Oracle } from '../oracle/oracle.mjs';
import { printDocument, simplerDocuments } from './document.mjs';
import { generateCase } from './generate.mjs';
import { explain } from './known-differences.mjs';
import { mutateCase, readCases } from './mutate.mjs';

/**
 * Compares the evaluator with the reference on random documents: `npm run fuzz -- --seeds 2000 [--from 1]`; or, with
 * `--cases DIR`, on cases of a folder that have been changed at random. A difference is shrunk, printed, and left in
 * tmp/fuzz as a case folder. Ends with `N passed, N failed`.
 */
const NAME = 'fuzz';
const ATTEMPTS = 600;
const folder = resolve(import.meta.dirname, '..', '..', 'tmp', 'fuzz');

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      cases: { type: 'string', multiple: true },
    },
  });
  const cases = values.cases && readCases(values.cases);
  const from = Number(values.from);
  const count = Number(values.seeds);
  const oracle = new Oracle();
  const tally = { passed: 0, failed: 0, explained: new Map(), crashes: 0 };
  for (let seed = from; seed < from + count; seed += 1) {
    await trySeed(seed, cases === undefined ? generateCase(seed) : mutateCase(seed, cases), oracle, tally);
  }
  oracle.close();
  for (const [reason, times] of tally.explained) console.log(`${times} × known difference: ${reason}`);
  if (tally.crashes > 0) console.log(`${tally.crashes} × the reference crashed or did not end`);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed > 0 ? 1 : 0;
}

async function trySeed(seed, generated, oracle, tally) {
  const difference = await differenceOf(generated, oracle);
  if (difference === undefined) {
    tally.passed += 1;
  } else if (difference.crashed) {
    tally.passed += 1;
    tally.crashes += 1;
  } else if (difference.reason !== undefined) {
    tally.passed += 1;
    tally.explained.set(difference.reason, (tally.explained.get(difference.reason) ?? 0) + 1);
  } else {
    tally.failed += 1;
    report(seed, await shrink(generated, difference, oracle));
  }
}

async function differenceOf(generated, oracle) {
  const files = Object.fromEntries(
    Object.entries(generated.files).map(([name, node]) => [name, Buffer.from(printDocument(node))]),
  );
  const line = await oracle.askCase({ name: NAME, files, overrides: generated.overrides });
  const reference = line === undefined ? undefined : parseAnswer(line);
  let ours;
  try {
    ours = await runCase({ name: NAME, files, overrides: generated.overrides });
  } catch (error) {
    return { member: 'crash', path: '', expected: '', actual: error.stack };
  }
  const failures = reference?.get('failures');
  if (reference === undefined || failures?.has('load')) return { crashed: true };
  for (const mode of failures?.keys() ?? []) for (const answers of [reference, ours]) forget(answers, mode);
  const answer = parseAnswer(write(ours));
  const difference = compareAnswers(reference, answer);
  if (difference === undefined) return undefined;
  return { ...difference, reason: explain(difference) };
}

/** Takes the members of a mode away in which the reference crashed. */
function forget(answer, mode) {
  answer.delete('failures');
  for (const member of [...answer.keys()]) if (member.startsWith(mode)) answer.delete(member);
}

/** Writes an answer as JSON: what is no UTF-8 is replaced then. */
function write(answer) {
  try {
    return writeJson(answer);
  } catch (error) {
    return JSON.stringify({ error: error.message });
  }
}

/** Takes things away for as long as the same member still differs. */
async function shrink(generated, difference, oracle) {
  let best = { generated, difference };
  let attempts = 0;
  for (let improved = true; improved && attempts < ATTEMPTS;) {
    improved = false;
    for (const simpler of simplerCases(best.generated)) {
      attempts += 1;
      if (attempts > ATTEMPTS) break;
      const next = await differenceOf(simpler, oracle);
      if (next === undefined || next.crashed || next.reason !== undefined || next.member !== difference.member)
        continue;
      best = { generated: simpler, difference: next };
      improved = true;
      break;
    }
  }
  return best;
}

function* simplerCases({ files, overrides }) {
  for (const name of Object.keys(files)) {
    if (name === 'env') continue;
    yield { files: without(files, name), overrides };
  }
  for (const name of Object.keys(overrides)) {
    yield { files, overrides: without(overrides, name) };
  }
  for (const [name, node] of Object.entries(files)) {
    if (node === undefined) continue;
    for (const simpler of simplerDocuments(node)) yield { files: { ...files, [name]: simpler }, overrides };
  }
}

function without(object, name) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

function report(seed, { generated, difference: { member, path, expected, actual } }) {
  const at = join(folder, `seed-${seed}`);
  console.log(
    `\nseed ${seed}: ${member}${path}\n  the reference: ${shorten(expected)}\n  ours:          ${shorten(actual)}`,
  );
  for (const [name, node] of Object.entries(generated.files)) {
    const file = join(at, `${name}.yaml`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, printDocument(node));
    console.log(`  ${name}.yaml:\n${show(printDocument(node))}`);
  }
  if (Object.keys(generated.overrides).length > 0) {
    writeFileSync(join(at, 'overrides.json'), JSON.stringify(generated.overrides));
    console.log(`  ${JSON.stringify(generated.overrides)}`);
  }
}

function show(text) {
  if (Buffer.isBuffer(text)) return `    ${JSON.stringify(text.toString('latin1'))}`;
  return text.replace(/^/gm, '    ');
}

function shorten(text) {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

await main();
