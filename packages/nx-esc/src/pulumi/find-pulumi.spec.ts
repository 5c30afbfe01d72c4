import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPulumi } from './find-pulumi';

const root = mkdtempSync(join(tmpdir(), 'nx-esc-find-'));
const at = (path: string): string => join(root, path);
const env = { PATH: ['folder', 'forbidden', 'bin'].map(at).join(':'), PULUMI_HOME: at('home') };

function addProgram(path: string, mode: number): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), '');
  chmodSync(at(path), mode);
}

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('finds the first program that may be executed, then the newest of those that are kept', () => {
  mkdirSync(at('folder/pulumi'), { recursive: true });
  addProgram('forbidden/pulumi', 0o644);
  expect(() => findPulumi(env)).toThrow('the pulumi command is not installed');
  addProgram('home/versions/3.99.0/bin/pulumi', 0o755);
  addProgram('home/versions/3.254.0/bin/pulumi', 0o755);
  expect(findPulumi(env)).toBe(at('home/versions/3.254.0/bin/pulumi'));
  addProgram('bin/pulumi', 0o755);
  expect(findPulumi(env)).toBe(at('bin/pulumi'));
});
