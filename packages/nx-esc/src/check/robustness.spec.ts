import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFolder } from '../testing/check-files';

const WORKSPACES = join(__dirname, '../../workspaces');
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-robust-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'nx.json' && !entry.parentPath.includes('.nx'))
    .map(({ parentPath, name }) => join(parentPath, name));
}

test.each(['check-environments', 'check-deployment', 'every-edge'])(
  'files of %s that are cut anywhere are reported on, and never end a check',
  async (name) => {
    for (const part of [0.2, 0.5, 0.8, 0.95]) {
      cpSync(join(WORKSPACES, name), root, { recursive: true });
      for (const file of filesIn(root)) {
        const text = readFileSync(file);
        writeFileSync(file, text.subarray(0, Math.floor(text.length * part)));
      }
      expect((await checkFolder(root)).problems.length).toBeGreaterThan(0);
    }
  },
);

test.each([
  [
    'of other types',
    'environment: 5\nconfig: [1]\nimports: {}\nvalues: []\njobs: x\ntargets: [1]\nnx: 3\nscripts: null\n',
  ],
  ['null', 'null\n'],
  [
    'of keys that a prototype has',
    'values: { constructor: 1, __proto__: { a: 1 }, toString: { hasOwnProperty: 2 } }\n',
  ],
  ['binary', '\u0000\u0001\ufffe'],
])('files that are %s are no harm either', async (_name, text) => {
  cpSync(join(WORKSPACES, 'check-deployment'), root, { recursive: true });
  for (const file of filesIn(root)) writeFileSync(file, text);
  await expect(checkFolder(root)).resolves.toBeDefined();
});
