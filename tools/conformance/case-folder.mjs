import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const require = createRequire(import.meta.url);
process.env.SWC_NODE_PROJECT ??= new URL('../../tsconfig.base.json', import.meta.url).pathname;
require('@swc-node/register');
const source = '../../packages/esc-eval/src';
const { decodeUtf8 } = require(`${source}/language/byte-string.ts`);
const { runConformanceCase } = require(`${source}/testing/index.ts`);
const { equalData } = require(`${source}/values/data.ts`);
const { readJson } = require(`${source}/values/json-reader.ts`);
const { writeJson } = require(`${source}/values/json-writer.ts`);

export { writeJson };

/** The case folders in a folder, or the folder itself if it is one. */
export function listCaseFolders(folder) {
  if (existsSync(join(folder, 'env.yaml'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => listCaseFolders(join(folder, entry.name)))
    .sort();
}

/** Reads a case folder: `env.yaml`, the environments beside it, `overrides.json`. */
function readCase(folder) {
  const name = basename(folder);
  const overrides = join(folder, 'overrides.json');
  return {
    name,
    source: readFileSync(join(folder, 'env.yaml')),
    overrides: existsSync(overrides) ? JSON.parse(readFileSync(overrides, 'utf8')) : {},
    load(imported) {
      const file = join(folder, `${imported}.yaml`);
      if (imported.split('/').includes('..') || !existsSync(file)) {
        throw new Error(`open testdata/eval/${name}/${imported}.yaml: no such file or directory`);
      }
      return readFileSync(file);
    },
  };
}

/** Runs a case whose environments are given by name: `env` is the one that is opened, the others can be imported. */
export function runCase({ name, files, overrides }) {
  return runConformanceCase({
    name,
    source: files.env,
    overrides,
    load(imported) {
      if (!Object.hasOwn(files, imported)) {
        throw new Error(`open testdata/eval/${name}/${imported}.yaml: no such file or directory`);
      }
      return files[imported];
    },
  });
}

/** Runs the case in a folder and answers the data of its `expected.json`. */
export function runCaseFolder(folder) {
  return runConformanceCase(readCase(folder));
}

/**
 * Compares what a case gave with its `expected.json`, member for member and with diagnostics as multisets. Answers the
 * first difference as `{ member, path, expected, actual }`.
 */
export function compareCase(folder, actual) {
  const expected = readJson(decodeUtf8(readFileSync(join(folder, 'expected.json'))));
  // What is no UTF-8 is replaced when it is written.
  return compareAnswers(expected, readJson(writeJson(actual)));
}

/** Compares two answers for a case, as compareCase does. */
export function compareAnswers(expected, actual) {
  for (const member of new Set([...expected.keys(), ...actual.keys()])) {
    const difference = compare(normalize(member, expected.get(member)), normalize(member, actual.get(member)), '');
    if (difference !== undefined) return { member, ...difference };
  }
  return undefined;
}

/** Reads an answer of the reference evaluator as data. */
export function parseAnswer(line) {
  return readJson(line);
}

function normalize(member, data) {
  if (data === null || (Array.isArray(data) && data.length === 0)) return undefined;
  if (!member.endsWith('Diags') || !Array.isArray(data)) return data;
  return [...data].sort((a, b) => (writeJson(a) < writeJson(b) ? -1 : 1));
}

function compare(expected, actual, path) {
  if (expected !== undefined && actual !== undefined) {
    if (equalData(expected, actual)) return undefined;
    if (expected instanceof Map && actual instanceof Map) {
      for (const key of new Set([...expected.keys(), ...actual.keys()])) {
        const difference = compare(expected.get(key), actual.get(key), `${path}/${key}`);
        if (difference !== undefined) return difference;
      }
    }
    if (Array.isArray(expected) && Array.isArray(actual)) {
      for (let index = 0; index < Math.max(expected.length, actual.length); index += 1) {
        const difference = compare(expected[index], actual[index], `${path}/${index}`);
        if (difference !== undefined) return difference;
      }
    }
  } else if (expected === actual) return undefined;
  return { path, expected: show(expected), actual: show(actual) };
}

function show(data) {
  return data === undefined ? 'nothing' : writeJson(data);
}
