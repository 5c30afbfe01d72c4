import type { Clone } from '../testing/clone';
import type { FaultRule } from '../testing/faulty-proxy';
import { BASE, SECRET, SharedWorkspace, STAGING } from '../testing/shared-workspace';
import type { PushedEnvironment } from './push-environments';

jest.setTimeout(60_000);

const NAMES = ['api/base', 'api/staging'];
let template: Clone;
let shared: SharedWorkspace;
let anna: Clone;

beforeAll(async () => {
  template = await SharedWorkspace.createTemplate();
});
afterAll(() => {
  template.removeFiles();
  template.remove();
});
beforeEach(async () => {
  shared = await SharedWorkspace.start(template);
  ({ anna } = shared);
});
afterEach(async () => {
  expect(shared.printed).not.toContain(SECRET);
  await shared.close();
});

const push = (clone: Clone, names = NAMES): Promise<PushedEnvironment[]> => shared.push(clone, names);
/** Whoever compares has no key: all is told by marks. */
const statesOf = (clone: Clone): Promise<string[]> => Promise.all(NAMES.map((name) => shared.stateOf(clone, name)));
const codeOf = ({ error }: PushedEnvironment): unknown => (error as { code?: unknown } | undefined)?.code;

test.each<[string, FaultRule, outcomes: string[]]>([
  ['an answer is lost', { method: 'PATCH', path: /staging$/, fault: { kind: 'lost-answer' } }, ['done', 'done']],
  ['an answer is cut off', { method: 'PATCH', path: /staging$/, fault: { kind: 'truncated' } }, ['done', 'done']],
  [
    'the service fails',
    { method: 'PATCH', path: /staging$/, fault: { kind: 'status', status: 503 } },
    ['done', 'failed'],
  ],
  ['nothing answers', { method: 'PATCH', path: /staging$/, fault: { kind: 'hanging' } }, ['done', 'failed']],
  [
    'an empty one was created',
    { method: 'PATCH', path: /base$/, fault: { kind: 'status', status: 500 } },
    ['failed', 'skipped'],
  ],
  [
    'the answer to the creation is lost',
    { method: 'POST', path: /acme$/, fault: { kind: 'lost-answer' }, times: 1 },
    ['done', 'done'],
  ],
  [
    'marks cannot be written',
    { method: 'POST', path: /tags/, fault: { kind: 'status', status: 403 } },
    ['done', 'done'],
  ],
  [
    'somebody else was quicker',
    { method: 'PATCH', path: /base$/, fault: { kind: 'status', status: 409 } },
    ['failed', 'skipped'],
  ],
])('a push is repeated where %s', async (_what, rule, outcomes) => {
  shared.proxy.rules = [{ ...rule }];
  const first = await push(anna);
  expect(first.map(({ outcome }) => outcome)).toEqual(outcomes);
  for (const pushed of first.filter(({ outcome }) => outcome === 'failed'))
    expect(['pulumi-cloud-unreachable', 'remote-changed']).toContain(codeOf(pushed));
  shared.proxy.rules = [];
  // In the meantime there is another commit.
  anna.write({ [STAGING]: anna.read(STAGING).replace('replicas: 2', 'replicas: 7') });
  anna.commit('More of them');
  expect((await push(anna)).map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  const decrypted = await shared.there('staging/decrypt');
  for (const text of ['replicas: 7', SECRET]) expect(decrypted).toContain(text);
  expect(await shared.there('base')).toContain('port: 8080');
  expect(await statesOf(shared.join('fresh'))).toEqual(['in-sync', 'in-sync']);
});

test('what a failing environment does not import is not begun, and what was done is not done again', async () => {
  await push(anna);
  const files = Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [`apps/api/esc/${name}.yaml`, 'imports: [api/base]\nvalues: {x: 1}\n']),
  );
  anna.write({ ...files, [BASE]: anna.read(BASE).replace('8080', '8081') });
  anna.commit('More environments');
  const names = [...NAMES, 'api/a', 'api/b', 'api/c'];
  shared.proxy.rules = [{ method: 'PATCH', path: /api\/b$/, fault: { kind: 'status', status: 503 }, times: 1 }];
  const outcomes = new Map((await push(anna, names)).map((each) => [each.comparison.name, each.outcome]));
  expect([outcomes.get('api/base'), outcomes.get('api/b')]).toEqual(['done', 'failed']);
  shared.proxy.asked.length = 0;
  expect(
    (await push(anna, names)).filter(({ action }) => action !== 'none').map(({ comparison }) => comparison.name),
  ).toContain('api/b');
  expect(shared.proxy.asked.filter((asked) => /^PATCH .*base$/.test(asked))).toEqual([]);
});

test('a push that is killed at any moment is finished by the next one', async () => {
  for (const at of [/^POST .*acme$/, /^PATCH .*base$/, /^POST .*base\/tags$/, /^PATCH .*staging$/]) {
    const asked = shared.proxy.asked.length;
    await killWhen(['push', '--all'], () => shared.proxy.asked.slice(asked).some((each) => at.test(each)));
  }
  await push(anna);
  expect(await statesOf(shared.join('fresh'))).toEqual(['in-sync', 'in-sync']);
  expect(await shared.there('staging/decrypt')).toContain(SECRET);
});

test('an interrupted push writes nothing half, and ends as interrupted', async () => {
  shared.proxy.rules = [{ method: 'PATCH', path: /base$/, fault: { kind: 'hanging' } }];
  const { code, stdout, stderr } = await shared.attempt(anna, ['push', '--all'], {
    onStart: (child) => {
      const watching = setInterval(() => {
        if (shared.proxy.asked.some((asked) => /^PATCH .*base$/.test(asked))) child.kill('SIGINT');
        if (child.exitCode !== null || child.killed) clearInterval(watching);
      }, 5);
    },
  });
  expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/^deploy\/cancelled: /) as string });
  expect(stdout).toMatch(/api\/base +failed\napi\/staging +left out\n/);
  shared.proxy.rules = [];
  await push(anna);
  expect(await statesOf(anna)).toEqual(['in-sync', 'in-sync']);
});

test('of two that push and one that edits at the same time, no change gets lost', async () => {
  await push(anna);
  const ben = shared.join('ben');
  const path = '/api/esc/environments/acme/api/base';
  const edit = async (): Promise<boolean> => {
    const before = await shared.service.fetch(path);
    const headers = { etag: before.headers.get('etag') ?? '' };
    const body = (await before.text()).replace(/host: \S+/, `host: edited-${Math.random()}`);
    return (await shared.service.fetch(path, { method: 'PATCH', body, headers })).ok;
  };
  for (let round = 0; round < 10; round += 1) {
    // Each has a commit of their own, and does not know of the other's.
    for (const [clone, port] of [
      [anna, 1000 + round],
      [ben, 2000 + round],
    ] as const) {
      clone.update();
      clone.write({ [BASE]: clone.read(BASE).replace(/port: \d+/, `port: ${port}`) });
      clone.git('commit', '-qam', 'Another port');
    }
    const before = await revisions(path);
    const attempts = await Promise.allSettled([push(anna, ['api/base']), push(ben, ['api/base']), edit()]);
    const [one, other, edited] = attempts;
    const isDone = (settled: typeof one): boolean =>
      settled.status === 'fulfilled' && settled.value.every(({ outcome }) => outcome === 'done');
    for (const settled of [one, other]) {
      const code =
        settled.status === 'rejected' ? (settled.reason as { code?: string }).code : settled.value.map(codeOf)[0];
      if (!isDone(settled)) expect(['remote-ahead', 'remote-changed']).toContain(code);
    }
    const wins = [isDone(one), isDone(other), edited.status === 'fulfilled' && edited.value];
    expect(wins.filter(Boolean).length).toBeGreaterThan(0);
    // Neither of the two has the commit of the other.
    expect(wins.slice(0, 2)).not.toEqual([true, true]);
    expect(await revisions(path)).toBe(before + wins.filter(Boolean).length);
    const text = await shared.there('base');
    if (wins[2] === true) expect(text).toContain('host: edited-');
    // The next round begins with what is there now.
    for (const clone of [anna, ben]) clone.git('reset', '-q', '--hard', 'origin/main');
    anna.update();
    anna.write({ [BASE]: `${text}` });
    if (anna.git('status', '--porcelain') !== '') anna.commit('Take over');
    await push(anna, ['api/base']);
  }
});

async function revisions(path: string): Promise<number> {
  return (
    ((await (await shared.service.fetch(`${path}/versions?count=500`)).json()) as { number: number }[])[0]?.number ?? 0
  );
}

/** Ends a command by SIGKILL as soon as something has happened; it may have come to its end before. */
async function killWhen(args: readonly string[], hasHappened: () => boolean): Promise<void> {
  await shared.attempt(anna, args, {
    onStart: (child) => {
      const watching = setInterval(() => {
        if (hasHappened()) child.kill('SIGKILL');
        if (child.exitCode !== null || child.killed) clearInterval(watching);
      }, 1);
    },
  });
}
