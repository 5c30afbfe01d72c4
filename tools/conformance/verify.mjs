import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Oracle } from '../oracle/oracle.mjs';
import { compareCase, listCaseFolders, parseAnswer } from './case-folder.mjs';

/** Compares `expected.json` of case folders with what the reference evaluator answers, and ends with a count. */
const oracle = new Oracle();
let failed = 0;
const folders = process.argv.slice(2).flatMap(listCaseFolders);
for (const folder of folders) {
  const overrides = join(folder, 'overrides.json');
  const answer = await oracle.askCase({
    name: basename(folder),
    files: readTexts(folder, ''),
    overrides: existsSync(overrides) ? JSON.parse(readFileSync(overrides, 'utf8')) : {},
  });
  const difference = answer === undefined ? { member: 'no answer' } : compareCase(folder, parseAnswer(answer));
  if (difference === undefined) continue;
  failed += 1;
  const { member, path, expected, actual } = difference;
  console.log(`${folder}: ${member}${path}: expected ${expected}, the reference says ${actual}`);
}
oracle.close();
console.log(`${folders.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function readTexts(folder, prefix) {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return Object.entries(readTexts(path, `${prefix}${entry.name}/`));
      return entry.name.endsWith('.yaml') ? [[prefix + entry.name.slice(0, -5), readFileSync(path)]] : [];
    }),
  );
}
