import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGitCommit } from './git-commit';

const base = mkdtempSync(join(tmpdir(), 'nx-esc-test-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const repository = join(base, 'repository');

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

beforeAll(() => {
  mkdirSync(join(repository, 'apps'), { recursive: true });
  git(repository, 'init', '--quiet', '--initial-branch=main');
  git(repository, 'commit', '--quiet', '--allow-empty', '-m', 'first');
});

test.each<[string, () => string]>([
  ['of a branch', () => repository],
  ['from a folder beneath', () => join(repository, 'apps')],
  [
    'of a packed branch',
    () => {
      git(repository, 'pack-refs', '--all');
      return repository;
    },
  ],
  [
    'of a worktree',
    () => {
      git(repository, 'worktree', 'add', '--quiet', '-b', 'other', join(base, 'worktree'));
      git(join(base, 'worktree'), 'commit', '--quiet', '--allow-empty', '-m', 'second');
      return join(base, 'worktree');
    },
  ],
  [
    'that is checked out by itself',
    () => {
      git(repository, 'checkout', '--quiet', '--detach');
      return repository;
    },
  ],
])('reads the commit %s', (_name, prepare) => {
  const folder = prepare();
  expect(readGitCommit(folder)).toBe(git(folder, 'rev-parse', 'HEAD'));
});

test('there is none outside of a repository', () => {
  expect(readGitCommit(base)).toBeUndefined();
});
