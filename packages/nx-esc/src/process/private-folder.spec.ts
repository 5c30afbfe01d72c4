import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateFolder, removeAbandonedFolders } from './private-folder';

const base = mkdtempSync(join(tmpdir(), 'nx-esc-test-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The number of a process that has ended. */
const gone = spawnSync('true').pid;
const LONG_AGO = new Date(Date.now() - 3_600_000);

function folderOf(pid: number, owner?: number): string {
  const path = join(base, `nx-esc-files-${pid}-${Math.random().toString(36).slice(2, 8)}`);
  mkdirSync(path, { mode: 0o700 });
  if (owner !== undefined) writeFileSync(join(path, '.owner'), String(owner));
  utimesSync(path, LONG_AGO, LONG_AGO);
  return path;
}

test('only this user can read it and its files, and it is removed', () => {
  const folder = new PrivateFolder();
  const file = folder.write('NAME', 'content');
  expect([statSync(folder.path).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(() => folder.write('NAME', 'again')).toThrow(/EEXIST/);
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test.each([
  ['of a process that is gone', folderOf(gone), false],
  ['of a process that runs', folderOf(process.pid), true],
  ['handed over to a process that runs', folderOf(gone, process.pid), true],
  ['handed over to a process that is gone', folderOf(gone, gone), false],
])('what is left %s', (_name, path, remains) => {
  removeAbandonedFolders(base);
  expect(existsSync(path)).toBe(remains);
});

test('follows no link', () => {
  const target = join(base, 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'file'), '');
  symlinkSync(target, join(base, `nx-esc-files-${gone}-link`));
  removeAbandonedFolders(base);
  expect(readdirSync(target)).toEqual(['file']);
});
