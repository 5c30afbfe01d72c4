import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DiskFacts } from './disk-facts';
import { readFacts } from './facts-reader';

jest.mock('./facts-reader', () => {
  const actual = jest.requireActual<typeof import('./facts-reader')>('./facts-reader');
  return { ...actual, readFacts: jest.fn(actual.readFacts) };
});
const parse = jest.mocked(readFacts);

let root: string;
let cacheFolder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-facts-'));
  cacheFolder = join(root, '.nx', 'workspace-data');
  for (let index = 0; index < 20; index += 1) write(`p${index}/esc/dev.yaml`, `imports: [p${index}/base]\n`);
  parse.mockClear();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Files are as old as those of a real workspace: what is younger than the clock's tick is read again. */
function write(file: string, text: string, secondsAgo = 60): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const time = Date.now() / 1000 - secondsAgo;
  utimesSync(path, time, time);
}

/** What a run of Nx does; answers the files that were parsed. */
function parsedInRun(): string[] {
  parse.mockClear();
  const facts = new DiskFacts(root, cacheFolder);
  for (let index = 0; index < 20; index += 1) {
    expect(facts.factsOf(`p${index}/esc/dev.yaml`).references).toHaveLength(1);
  }
  facts.save();
  return parse.mock.calls.map(([file]) => file);
}

test('what was read once is not parsed again after a restart', () => {
  expect(parsedInRun()).toHaveLength(20);
  expect(parsedInRun()).toEqual([]);
});

test('one changed file costs one parse, one that is only touched none', () => {
  parsedInRun();
  write('p7/esc/dev.yaml', 'imports: [p8/base]\n', 30);
  write('p9/esc/dev.yaml', 'imports: [p9/base]\n', 20);
  expect(parsedInRun()).toEqual(['p7/esc/dev.yaml']);
  expect(parsedInRun()).toEqual([]);
});

test.each([
  ['is cut off', (text: string) => text.slice(0, text.length / 2)],
  ['is empty', () => ''],
  ['is of another release', (text: string) => text.replace(/"format":\d+/, '"format":0')],
  ['is no object', () => '[1, null]'],
  ['holds other things', () => '{"format":2,"files":{"p0/esc/dev.yaml":[1,2],"p1/esc/dev.yaml":null}}'],
])('a cache that %s counts as none, and is written anew', (_name, spoil) => {
  parsedInRun();
  const file = join(cacheFolder, 'nx-esc-facts.json');
  writeFileSync(file, spoil(readFileSync(file, 'utf8')));
  expect(parsedInRun()).toHaveLength(20);
  expect(parsedInRun()).toEqual([]);
});

test('a cache that cannot be written is left', () => {
  mkdirSync(dirname(cacheFolder), { recursive: true });
  writeFileSync(cacheFolder, 'a file where the folder would be');
  expect(parsedInRun()).toHaveLength(20);
});
