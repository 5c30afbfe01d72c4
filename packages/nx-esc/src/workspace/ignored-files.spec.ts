import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findFiles, IgnoredFiles } from './ignored-files';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-ignored-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

test.each([
  ['a folder of .gitignore', { '.gitignore': 'build\n' }, ['build/Pulumi.yaml', 'a/build/Pulumi.yaml']],
  ['a folder of .nxignore', { '.nxignore': 'examples\n' }, ['examples/Pulumi.yaml']],
  ['a folder of an inner .gitignore', { 'a/.gitignore': '/gen\n' }, ['a/gen/Pulumi.yaml']],
  ['a pattern of files', { '.gitignore': 'Pulumi.*.local.yaml\n' }, ['a/Pulumi.dev.local.yaml']],
  ['what is never seen', {}, ['node_modules/x/Pulumi.yaml', '.git/Pulumi.yaml', 'a/.nx/Pulumi.yaml']],
])('leaves out %s', (_name, rules, hidden) => {
  const seen = ['a/Pulumi.yaml', '.infra/Pulumi.yaml', 'gen/Pulumi.yaml'];
  write({ ...Object.fromEntries([...hidden, ...seen].map((file) => [file, ''])), ...rules });
  expect(findFiles(root, (path) => path.endsWith('.yaml')).sort()).toEqual([...seen].sort());
  const ignored = new IgnoredFiles(root);
  expect([...hidden, ...seen].filter((file) => ignored.has(file))).toEqual(hidden);
});

test('an inner file takes back what an outer one ignores', () => {
  write({ '.gitignore': '*.yaml\n', 'a/.gitignore': '!keep.yaml\n', 'a/keep.yaml': '', 'a/other.yaml': '' });
  expect(findFiles(root, (path) => path.endsWith('.yaml'))).toEqual(['a/keep.yaml']);
});
