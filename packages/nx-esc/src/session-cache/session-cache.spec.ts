import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExportedValue, findProperty } from 'esc-eval';
import { SessionCache } from './session-cache';

const NOWHERE = { def: { begin: { line: 0, column: 0, byte: 0 }, end: { line: 0, column: 0, byte: 0 } } };
const ROOT: ExportedValue = {
  value: new Map([['password', { value: 'hunter2', secret: true, trace: NOWHERE }]]),
  trace: NOWHERE,
};
const REQUEST = { workspaceRoot: '/w', ref: 'api/dev', appliesOverlay: true };

let home: string;
let cache: SessionCache;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'nx-esc-cache-'));
  cache = new SessionCache({ HOME: home });
  cache.keep(REQUEST, { root: ROOT, files: [], lifetime: 60_000 });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const sessions = (): string => join(home, '.local/state/nx-esc/sessions');
const keyFile = (): string => join(home, '.local/state/nx-esc/key');

test('finds what was kept', () => {
  expect(findProperty(cache.find(REQUEST)!.root, ['password'])).toMatchObject({ value: 'hunter2', secret: true });
});

test.each([
  ['another environment', { ref: 'api/prod' }],
  ['another workspace', { workspaceRoot: '/v' }],
  ['no overlay', { appliesOverlay: false }],
])('does not answer for %s', (_name, change) => {
  expect(cache.find({ ...REQUEST, ...change })).toBeUndefined();
});

test('a session is not taken for another, even by its own user', () => {
  cache.keep({ ...REQUEST, ref: 'api/prod' }, { root: ROOT, files: [], lifetime: 60_000 });
  const [one, other] = readdirSync(sessions()) as [string, string];
  renameSync(join(sessions(), one), join(sessions(), other));
  expect(cache.find(REQUEST)).toBeUndefined();
  expect(cache.find({ ...REQUEST, ref: 'api/prod' })).toBeUndefined();
});

test('a file that comes to be ends the session', () => {
  const file = join(home, 'later');
  cache.keep(REQUEST, { root: ROOT, files: [file], lifetime: 60_000 });
  expect(cache.find(REQUEST)).toBeDefined();
  writeFileSync(file, '');
  expect(cache.find(REQUEST)).toBeUndefined();
});

test('a key that others can read, or that is a link, is not used', () => {
  chmodSync(keyFile(), 0o640);
  expect(cache.find(REQUEST)).toBeUndefined();
  chmodSync(keyFile(), 0o600);
  expect(cache.find(REQUEST)).toBeDefined();
  renameSync(keyFile(), join(home, 'elsewhere'));
  symlinkSync(join(home, 'elsewhere'), keyFile());
  expect(cache.find(REQUEST)).toBeUndefined();
});

test.each([
  ['later than it', 120 * 60_000, 60 * 60_000],
  ['before it: it ends five minutes earlier', 20 * 60_000, 15 * 60_000],
  ['at once: it is not taken', 4 * 60_000, undefined],
])('a session with credentials that end %s', (_name, credentials, rest) => {
  const now = Date.now();
  const credentialsEnd = new Date(now + credentials);
  cache.keep(REQUEST, { root: ROOT, files: [], lifetime: 60 * 60_000, credentialsEnd });
  const [listed] = cache.list();
  expect(cache.find(REQUEST) === undefined).toBe(rest === undefined);
  if (rest !== undefined) expect(Math.abs((listed?.expiresAt ?? 0) - now - rest)).toBeLessThan(5000);
  else expect(listed).toBeUndefined();
});

test('what has ended is removed when something else is kept', () => {
  cache.keep(REQUEST, { root: ROOT, files: [], lifetime: -1 });
  cache.keep({ ...REQUEST, ref: 'api/prod' }, { root: ROOT, files: [], lifetime: 60_000 });
  expect(readdirSync(sessions())).toHaveLength(1);
  expect(cache.list()).toEqual([expect.objectContaining({ ref: 'api/prod' })]);
});

test('folders and files are this user’s alone', () => {
  expect(statSync(sessions()).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(sessions())) expect(statSync(join(sessions(), name)).mode & 0o777).toBe(0o600);
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
});
