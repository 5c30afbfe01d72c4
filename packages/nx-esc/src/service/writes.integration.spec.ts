import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { openWorkspaceStore, startTestService, type TestService } from '../testing/test-service';
import type { EnvironmentStore } from './stores/environment-store';
import { FolderStore } from './stores/folder-store';

jest.setTimeout(120_000);

const DIST = resolve(__dirname, '../../dist');
const ENVIRONMENTS = '/api/esc/environments/acme';
const DEV = `${ENVIRONMENTS}/api/dev`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-writes-'));
  mkdirSync(join(root, 'api/esc'), { recursive: true });
  writeFileSync(join(root, 'api/project.json'), '{"name":"api"}');
  writeFileSync(join(root, 'api/esc/other.yaml'), 'values: {}\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const openWorkspace = (): EnvironmentStore => openWorkspaceStore(root);

describe('two writers race', () => {
  /** Adds one to the writer's own count until that has been kept so many times; how often it has not. */
  async function write(service: TestService, writer: 'a' | 'b', times: number): Promise<number> {
    let refused = 0;
    for (let kept = 0; kept < times;) {
      const got = await service.fetch(DEV);
      const etag = got.headers.get('etag') as string;
      const counts = readCounts(await got.text());
      counts[writer] += 1;
      const put = await service.fetch(DEV, { method: 'PATCH', body: textOf(counts), headers: { etag } });
      await put.arrayBuffer();
      if (put.status === 200) kept += 1;
      else {
        expect(put.status).toBe(409);
        refused += 1;
      }
    }
    return refused;
  }

  /** A text that is whole if its first and its last line agree. */
  const textOf = ({ a, b }: Record<'a' | 'b', number>): string =>
    `# ${a} ${b}\nvalues:\n  a: ${a}\n  b: ${b}\n  filler: ${'x'.repeat(2000)}\n# ${a} ${b}\n`;

  function readCounts(text: string): Record<'a' | 'b', number> {
    const [, a, b] = /^# (\d+) (\d+)\nvalues:\n {2}a: \1\n {2}b: \2\n {2}filler: x{2000}\n# \1 \2\n$/.exec(text) ?? [];
    if (a === undefined || b === undefined) throw new Error(`half a text: ${text.slice(0, 100)} … ${text.slice(-40)}`);
    return { a: Number(a), b: Number(b) };
  }

  test.each<[number, string, () => readonly [EnvironmentStore, EnvironmentStore]]>([
    [
      200,
      'on one service for a folder',
      () => {
        const store = new FolderStore(join(root, 'store'));
        return [store, store];
      },
    ],
    [1000, 'on two services for one workspace', () => [openWorkspace(), openWorkspace()]],
  ])('%i times %s: no change is lost, none is half written', async (races, _where, openStores) => {
    const [store, otherStore] = openStores();
    const one = await startTestService({ store });
    const other = store === otherStore ? one : await startTestService({ store: otherStore });
    try {
      await one.fetch(ENVIRONMENTS, { method: 'POST', body: '{"project":"api","name":"dev"}' });
      await one.fetch(DEV, { method: 'PATCH', body: textOf({ a: 0, b: 0 }) });
      let isRunning = true;
      const reading = (async () => {
        for (let last = 0; isRunning;) {
          const { a, b } = readCounts(await (await other.fetch(DEV)).text());
          expect(a + b).toBeGreaterThanOrEqual(last);
          last = a + b;
          await delay(5);
        }
      })();
      const refused = await Promise.all([write(one, 'a', races / 2), write(other, 'b', races / 2)]).finally(
        () => (isRunning = false),
      );
      await reading;
      const got = await one.fetch(DEV);
      expect(readCounts(await got.text())).toEqual({ a: races / 2, b: races / 2 });
      expect(got.headers.get('pulumi-esc-revision')).toBe(String(races + 2));
      // They did meet.
      expect(refused[0] + refused[1]).toBeGreaterThan(races / 20);
      expect([...one.faults, ...other.faults]).toEqual([]);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });
});

describe('a service that is killed while it writes', () => {
  const ROUNDS = 6;
  const textOf = (count: number): string => `# ${count}\nvalues:\n  filler: ${'x'.repeat(300_000)}\n# ${count}\n`;
  const isWhole = (text: string): boolean => /^# (\d+)\nvalues:\n {2}filler: x{300000}\n# \1\n$/.test(text);

  /** Serves, and writes to itself without a pause; says which writes were answered. */
  const WRITER = `
const { startService } = require('${DIST}/service/start-service.js');
const { FolderStore } = require('${DIST}/service/stores/folder-store.js');
const { WorkspaceStore } = require('${DIST}/service/stores/workspace-store.js');
const { indexWorkspace } = require('${DIST}/workspace/read-workspace.js');
const { normalizeOptions } = require('${DIST}/workspace/plugin-options.js');
const [kind, root, from] = process.argv.slice(1);
const store = kind === 'folder' ? new FolderStore(root + '/store') : new WorkspaceStore({
  workspaceRoot: root,
  readIndex: () => indexWorkspace(root, normalizeOptions(undefined)),
  historyFolder: root + '/.nx/esc-service',
});
const textOf = (count) => '# ' + count + '\\nvalues:\\n  filler: ' + 'x'.repeat(300000) + '\\n# ' + count + '\\n';
startService({ store, organization: 'acme' }).then(async ({ url, token }) => {
  const headers = { authorization: 'token ' + token };
  await fetch(url + '${ENVIRONMENTS}', { method: 'POST', headers, body: '{"project":"api","name":"dev"}' });
  for (let count = Number(from); ; count += 1) {
    const response = await fetch(url + '${DEV}', { method: 'PATCH', headers, body: textOf(count) });
    if (response.status !== 200) throw new Error(await response.text());
    process.stdout.write(count + '\\n');
  }
});
`;

  /** Lets a writer begin, kills it in the middle of something, and answers the last count that it was told is kept. */
  async function writeUntilKilled(kind: string, from: number, milliseconds: number): Promise<number> {
    const child = spawn(process.execPath, ['-e', WRITER, kind, root, String(from)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let answered = 0;
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => (answered = Number(line)));
    await once(lines, 'line');
    await delay(milliseconds);
    child.kill('SIGKILL');
    await once(child, 'close');
    return answered;
  }

  test.each<[string, () => EnvironmentStore]>([
    ['folder', () => new FolderStore(join(root, 'store'))],
    ['workspace', openWorkspace],
  ])('%s: what was answered is there, and every text is old or new', async (kind, open) => {
    let from = 1;
    for (let round = 0; round < ROUNDS; round += 1) {
      const answered = await writeUntilKilled(kind, from, round * 3);
      if (kind === 'workspace') {
        const text = readFileSync(join(root, 'api/esc/dev.yaml'), 'utf8');
        expect(isWhole(text)).toBe(true);
        // Nothing is left among the environments.
        expect(readdirSync(join(root, 'api/esc')).sort()).toEqual(['dev.yaml', 'other.yaml']);
      }
      const head = (await open().read('api/dev'))?.head;
      expect(isWhole(head?.text ?? '')).toBe(true);
      const count = Number(/\d+/.exec(head?.text ?? '')?.[0]);
      expect([answered, answered + 1]).toContain(count);
      from = count + 1;
    }
    const store = open();
    const { head } = (await store.read('api/dev')) ?? { head: { number: 0 } };
    for (let number = 2; number <= head.number; number += 1)
      expect([number, isWhole((await store.readRevision('api/dev', number))?.text ?? '')]).toEqual([number, true]);
    expect(textOf(1)).toBe((await store.readRevision('api/dev', 2))?.text);
  });
});
