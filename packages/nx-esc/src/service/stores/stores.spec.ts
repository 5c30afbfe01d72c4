import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkspaceStore } from '../../testing/test-service';
import type { EnvironmentStore, Revision } from './environment-store';
import { FolderStore } from './folder-store';
import { MemoryStore } from './memory-store';
import { createDetails } from './new-environment';

const CREATED = '2026-01-01T00:00:00.000Z';
const revision = (number: number, text: string): Revision => ({ number, created: CREATED, creator: 'me', text });

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-stores-'));
  mkdirSync(join(root, 'api'));
  writeFileSync(join(root, 'api/project.json'), '{"name":"api"}');
  writeFileSync(join(root, 'api/Pulumi.yaml'), 'name: api\nruntime: yaml\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const openWorkspace = (): EnvironmentStore => openWorkspaceStore(root);
const STORES: readonly (readonly [string, () => EnvironmentStore])[] = [
  ['memory', () => new MemoryStore()],
  ['a folder', () => new FolderStore(join(root, 'store'))],
  ['the files of a workspace', openWorkspace],
];

describe.each(STORES)('a store in %s', (_name, open) => {
  test('keeps environments with their revisions and details', async () => {
    const store = open();
    expect(await store.read('api/dev')).toBeUndefined();
    expect(await store.create('api/dev', createDetails(CREATED), [revision(1, 'a')])).toBe(true);
    expect(await store.create('api/dev', createDetails(CREATED), [revision(1, 'b')])).toBe(false);
    expect(await store.append('api/dev', revision(2, 'b'))).toBe(true);
    expect(await store.append('api/dev', revision(2, 'c'))).toBe(false);
    expect(await store.append('api/dev', revision(3, 'd'))).toBe(true);
    const { head, details } = (await store.read('api/dev')) ?? {};
    expect(head).toEqual(revision(3, 'd'));
    await store.writeDetails('api/dev', { ...createDetails(CREATED), deletionProtected: true });
    expect((await store.read('api/dev'))?.details.deletionProtected).toBe(true);
    expect(details?.deletionProtected).toBe(false);
    expect(await store.readRevision('api/dev', 1)).toEqual(revision(1, 'a'));
    expect(await store.readRevision('api/dev', 4)).toBeUndefined();
    expect(await store.names()).toEqual(['api/dev']);
  });

  test('takes over a history, and forgets what is removed', async () => {
    const store = open();
    await store.create('api/dev', createDetails(CREATED), [revision(1, 'a'), revision(2, 'b')]);
    expect((await store.read('api/dev'))?.head.number).toBe(2);
    await store.remove('api/dev');
    await store.remove('api/dev');
    expect(await store.names()).toEqual([]);
    expect(await store.read('api/dev')).toBeUndefined();
    await store.create('api/dev', createDetails(CREATED), [revision(1, 'c')]);
    expect((await store.read('api/dev'))?.head).toEqual(revision(1, 'c'));
    expect(await store.readRevision('api/dev', 2)).toBeUndefined();
  });
});

test('two processes share a folder: what one writes the other sees, and the slower one is told', async () => {
  const [one, other] = [new FolderStore(root), new FolderStore(root)];
  await one.create('api/dev', createDetails(CREATED), [revision(1, 'a')]);
  expect((await other.read('api/dev'))?.head.number).toBe(1);
  await one.append('api/dev', revision(2, 'b'));
  expect(await other.append('api/dev', revision(2, 'c'))).toBe(false);
  expect((await other.read('api/dev'))?.head.text).toBe('b');
  await one.remove('api/dev');
  await one.create('api/dev', createDetails(CREATED), [revision(1, 'new')]);
  expect((await other.read('api/dev'))?.head.text).toBe('new');
});

test('a folder is for its user alone', async () => {
  const folder = join(root, 'store');
  await new FolderStore(folder).create('api/dev', createDetails(CREATED), [revision(1, 'a')]);
  for (const [path, mode] of [
    ['api', 0o700],
    ['api/dev', 0o700],
    ['api/dev/details.json', 0o600],
    ['api/dev/revisions/1.json', 0o600],
  ] as const) {
    expect([path, statSync(join(folder, path)).mode & 0o777]).toEqual([path, mode]);
  }
});

describe('the files of a workspace', () => {
  const file = (): string => join(root, 'api/esc/dev.yaml');
  const writeFile = (text: string): void => {
    mkdirSync(join(root, 'api/esc'), { recursive: true });
    writeFileSync(file(), text, { mode: 0o640 });
  };

  test('an environment is its file, and what is changed there becomes a revision', async () => {
    writeFile('# mine\nvalues: {a: 1}\n');
    const store = openWorkspace();
    expect((await store.read('api/dev'))?.head).toMatchObject({ number: 1, text: '# mine\nvalues: {a: 1}\n' });
    await store.append('api/dev', revision(2, '# theirs\nvalues: {a: 2}\n'));
    expect(readFileSync(file(), 'utf8')).toBe('# theirs\nvalues: {a: 2}\n');
    expect(statSync(file()).mode & 0o777).toBe(0o640);
    writeFile('values: {a: 3}\n');
    const seen = await Promise.all([store.read('api/dev'), openWorkspace().read('api/dev'), store.read('api/dev')]);
    expect(seen.map((stored) => stored?.head.number)).toEqual([3, 3, 3]);
    expect(await store.readRevision('api/dev', 3)).toMatchObject({ creator: 'workspace', text: 'values: {a: 3}\n' });
    expect(await openWorkspace().readRevision('api/dev', 2)).toMatchObject({ creator: 'me' });
    expect(readdirSync(join(root, 'api/esc'))).toEqual(['dev.yaml']);
    expect(readFileSync(join(root, '.nx/esc-service/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('a change that somebody made meanwhile is not overwritten', async () => {
    writeFile('values: {a: 1}\n');
    const store = openWorkspace();
    await store.read('api/dev');
    writeFile('values: {a: 2}\n');
    expect(await store.append('api/dev', revision(2, 'values: {a: 3}\n'))).toBe(false);
    expect(readFileSync(file(), 'utf8')).toBe('values: {a: 2}\n');
  });

  test('what is created is a file of its project, whose name it must have', async () => {
    const store = openWorkspace();
    await store.create('api/dev', createDetails(CREATED), [revision(1, 'values: {}\n')]);
    expect(readFileSync(file(), 'utf8')).toBe('values: {}\n');
    await expect(store.create('nope/dev', createDetails(CREATED), [revision(1, '')])).rejects.toThrow(
      'the workspace has no project "nope"',
    );
    await store.remove('api/dev');
    expect(existsSync(file())).toBe(false);
  });

  test('a link may not lead out of the workspace, and one within it stays a link', async () => {
    writeFile('values: {a: 1}\n');
    symlinkSync('dev.yaml', join(root, 'api/esc/linked.yaml'));
    symlinkSync('/etc/hostname', join(root, 'api/esc/outside.yaml'));
    const store = openWorkspace();
    await expect(store.read('api/outside')).rejects.toMatchObject({ code: 'file-outside-workspace' });
    await store.read('api/linked');
    expect(await store.append('api/linked', revision(2, 'values: {a: 2}\n'))).toBe(true);
    expect(readFileSync(file(), 'utf8')).toBe('values: {a: 2}\n');
  });
});
