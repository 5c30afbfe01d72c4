import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareSides, type SideComparison, type SyncState } from './compare-sides';
import { leavesOf } from './definition-leaves';
import type { SyncContext } from './sync-context';
import type { SyncMark } from './sync-mark';

const root = mkdtempSync(join(tmpdir(), 'nx-esc-compare-'));
const path = join(root, 'dev.yaml');
afterAll(() => rmSync(root, { recursive: true }));

const idOf = (text: string): string => createHash('sha1').update(text).digest('hex');
const text = (values: Readonly<Record<string, number>>): string => `values: ${JSON.stringify(values)}\n`;

/** A file with a history in git, and a service with revisions, without secrets. */
interface World {
  /** Texts of the commits, oldest first. */
  readonly history: readonly string[];
  /** How many of the commits somebody has. */
  readonly checkedOut?: number;
  /** Uncommitted, unless it is that of the last commit. */
  readonly file?: string;
  readonly revisions: readonly string[];
  readonly mark?: SyncMark;
}

function compare({ history, checkedOut = history.length, file, revisions, mark }: World): Promise<SideComparison> {
  const ours = history.slice(0, checkedOut);
  writeFileSync(path, file ?? ours.at(-1) ?? '');
  const context = {
    workspaceRoot: root,
    index: { workspaceRoot: root, fileOf: () => path, names: () => ['api/dev'] },
    git: {
      idOf: (_file: string, content: string) => Promise.resolve(idOf(content)),
      versionsOf: () => Promise.resolve([...new Set([...ours].reverse().map(idOf))]),
      textOf: (id: string) => Promise.resolve(ours.find((each) => idOf(each) === id)),
      relationOf: (commit: string) => Promise.resolve(Number(commit) > checkedOut ? 'newer' : 'other'),
    },
    remotes: {
      client: { url: 'https://service.test' },
      read: () =>
        Promise.resolve(
          revisions.length === 0
            ? undefined
            : { text: revisions.at(-1), etag: 'etag', revision: revisions.length, ...(mark && { mark }) },
        ),
      textAt: (_name: string, revision: number) => Promise.resolve(revisions[revision - 1]),
    },
  };
  return compareSides(context as unknown as SyncContext, 'api/dev');
}

const [A, B, C, EMPTY] = [text({ a: 1, b: 1 }), text({ a: 2, b: 1 }), text({ a: 3, b: 1 }), 'values: {}\n'];
const THERE = text({ a: 1, b: 2 });
const BOTH = text({ a: 2, b: 2 });
const marked = (revision: number, file: string, commit?: number): { mark: SyncMark } => ({
  mark: { revision, file: idOf(file), ...(commit !== undefined && { commit: String(commit) }) },
});

test.each<[string, SyncState, World]>([
  ['nothing there', 'only-here', { history: [A], revisions: [] }],
  ['an empty one there, as a push leaves it that was killed', 'only-here', { history: [A], revisions: [EMPTY] }],
  ['pushed', 'in-sync', { history: [A], revisions: [EMPTY, A], ...marked(2, A) }],
  ['the same without a mark', 'in-sync', { history: [A], revisions: [A] }],
  ['a commit more', 'ahead', { history: [A, B], revisions: [EMPTY, A], ...marked(2, A) }],
  ['an edited file', 'ahead', { history: [A], file: B, revisions: [EMPTY, A], ...marked(2, A) }],
  ['a reverted commit', 'ahead', { history: [A, B, A], revisions: [EMPTY, A, B], ...marked(3, B) }],
  ['a change there', 'behind', { history: [A], revisions: [EMPTY, A, THERE], ...marked(2, A) }],
  ['a rollback there', 'behind', { history: [A, B], revisions: [EMPTY, A, B, A], ...marked(3, B) }],
  ['a change there and back', 'in-sync', { history: [A], revisions: [EMPTY, A, B, A], ...marked(2, A) }],
  ['changes here and there', 'diverged', { history: [A, B], revisions: [EMPTY, A, THERE], ...marked(2, A) }],
  ['both changes here', 'ahead', { history: [A, BOTH], revisions: [EMPTY, A, THERE], ...marked(2, A) }],
  ['both changes there', 'behind', { history: [A], revisions: [EMPTY, A, BOTH], ...marked(2, A) }],
  ['a rollback and a commit', 'diverged', { history: [A, B, C], revisions: [EMPTY, A, B, A], ...marked(3, B) }],
  ['an answer lost', 'in-sync', { history: [A, B], revisions: [EMPTY, A, B], ...marked(2, A) }],
  ['an answer lost, and a commit', 'ahead', { history: [A, B, C], revisions: [EMPTY, A, B], ...marked(2, A) }],
  ['the first answer lost, and a commit', 'ahead', { history: [A, B], revisions: [EMPTY, A] }],
  ['an old clone', 'diverged', { history: [A, B], checkedOut: 1, revisions: [EMPTY, A, B], ...marked(3, B) }],
  [
    'an old clone of what was reverted since',
    'diverged',
    { history: [A, B, A], checkedOut: 2, revisions: [EMPTY, A, B, A], ...marked(4, A, 3) },
  ],
  ['another draft', 'diverged', { history: [A], file: B, revisions: [EMPTY, A, C], ...marked(3, C) }],
  ['no mark, and something else', 'diverged', { history: [A], revisions: [THERE] }],
])('%s: %s', async (_what, expected, world) => {
  expect((await compare(world)).state).toBe(expected);
});

test('without a file it is only there, and nowhere is a failure', async () => {
  const remote = { text: A, etag: 'etag', revision: 1 };
  const context = (found: object | undefined): SyncContext =>
    ({
      index: { fileOf: () => undefined, names: () => [] },
      remotes: { client: { url: '' }, read: () => Promise.resolve(found) },
    }) as unknown as SyncContext;
  expect(await compareSides(context(remote), 'api/x')).toMatchObject({ state: 'only-there', remote });
  await expect(compareSides(context(undefined), 'api/x')).rejects.toMatchObject({ code: 'environment-not-found' });
});

/** Numbers that look random, the same for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('whatever commits, pushes, edits and faults follow one another, no edit gets lost, and no commit', async () => {
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 100; seed += 1) {
    const random = createRandom(seed);
    const history = [text({ a: 0, b: 0 })];
    const revisions: string[] = [EMPTY];
    let mark: SyncMark | undefined;
    /** The commit that the service has, and what was edited since by hand and is in no commit yet. */
    let pushed = 0;
    let isMarked = true;
    let edited = new Map<string, string | undefined>();
    const contentsOf = (of: string): Map<string, string> =>
      new Map([...leavesOf('x', of, () => '')].map(([key, { content }]) => [key, content]));
    const change = (of: string): string => {
      const values = Object.fromEntries([...of.matchAll(/"(\w)":(\d)/g)].map(([, key, value]) => [key, Number(value)]));
      return text({ ...values, [random(2) === 0 ? 'a' : 'b']: random(3) });
    };
    const commit = (content: string): void => {
      history.push(content);
      const has = contentsOf(content);
      edited = new Map([...edited].filter(([key, value]) => has.get(key) !== value));
    };
    for (let step = 0; step < 14; step += 1) {
      // An old clone cannot know of what was pushed after it and not written down.
      const isStale = random(4) === 0 && isMarked;
      const checkedOut = isStale ? 1 + random(history.length) : history.length;
      const file = history[checkedOut - 1] as string;
      switch (random(4)) {
        case 0:
          commit(change(history.at(-1) as string));
          break;
        case 1: {
          if (pushed === 0) break;
          const before = contentsOf(revisions.at(-1) as string);
          revisions.push(random(3) === 0 ? (revisions[1] as string) : change(revisions.at(-1) as string));
          const after = contentsOf(revisions.at(-1) as string);
          for (const [key, value] of after) if (before.get(key) !== value) edited.set(key, value);
          // What is again as it was pushed is no edit.
          const base = contentsOf(history[pushed - 1] as string);
          for (const [key, value] of edited) if (base.get(key) === value) edited.delete(key);
          // Nor is what git has as a later version anyway.
          if (history.slice(pushed).includes(revisions.at(-1) as string)) edited.clear();
          break;
        }
        default: {
          const { state } = await compare({ history, checkedOut, revisions, ...(mark && { mark }) });
          outcomes.add(state);
          if (state === 'behind') {
            if (!isStale) commit(revisions.at(-1) as string);
            break;
          }
          if (state !== 'ahead' && state !== 'only-here') break;
          const has = contentsOf(file);
          for (const [key, value] of edited) expect([seed, step, has.get(key)]).toEqual([seed, step, value]);
          expect([seed, step, checkedOut]).toEqual([seed, step, Math.max(checkedOut, pushed)]);
          revisions.push(file);
          pushed = checkedOut;
          edited.clear();
          // Now and then whoever pushes is killed before it is written down. Without any mark, what git has was pushed.
          isMarked = mark === undefined || random(3) > 0;
          if (isMarked) mark = { revision: revisions.length, file: idOf(file), commit: String(checkedOut) };
        }
      }
    }
  }
  expect([...outcomes].sort()).toEqual(['ahead', 'behind', 'diverged', 'in-sync', 'only-here']);
});
