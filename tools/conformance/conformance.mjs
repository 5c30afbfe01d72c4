import { basename } from 'node:path';
import { compareCase, listCaseFolders, runCaseFolder, writeJson } from './case-folder.mjs';

/**
 * Runs conformance cases: `npm run --silent conformance -- [--print] DIR…`, where a DIR holds case folders or is one.
 * Prints a line for each case that differs and ends with `N passed, N failed`; with `--print`, prints what the
 * evaluator answers, as one JSON object by case.
 */
async function main(args) {
  const folders = args.filter((arg) => !arg.startsWith('--')).flatMap(listCaseFolders);
  if (folders.length === 0) {
    console.error('usage: npm run --silent conformance -- [--print] DIR...');
    process.exitCode = 2;
  } else if (args.includes('--print')) await print(folders);
  else await compare(folders);
}

async function print(folders) {
  const results = new Map();
  for (const folder of folders) results.set(basename(folder), await runCaseFolder(folder));
  process.stdout.write(`${writeJson(results, '    ')}\n`);
}

async function compare(folders) {
  let failed = 0;
  for (const folder of folders) {
    const difference = compareCase(folder, await runCaseFolder(folder));
    if (difference === undefined) continue;
    failed += 1;
    const { member, path, expected, actual } = difference;
    console.log(`${basename(folder)}: ${member}${path}: expected ${shorten(expected)}, got ${shorten(actual)}`);
  }
  console.log(`${folders.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function shorten(text) {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

// A reader such as `head` may have seen enough.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));
await main(process.argv.slice(2));
