import { setTimeout as delay } from 'node:timers/promises';
import { checkEnvironment, openEnvironment } from './environment';
import { plainData } from './output/plain-data';
import { createTestHost, createTestProviders } from './testing';
import { writeJson } from './values/json-writer';

/** Counts how many calls of a provider run at the same time. */
function countingHost(environments: Record<string, string> = {}) {
  const counts = { running: 0, most: 0, calls: 0 };
  const providers = createTestProviders(<T>(answer: () => T) => {
    counts.running += 1;
    counts.calls += 1;
    counts.most = Math.max(counts.most, counts.running);
    return delay(1).then(() => {
      counts.running -= 1;
      return answer();
    });
  });
  return { counts, host: createTestHost({ environments, providers }) };
}

async function open(source: string, host = createTestHost({ environments: {} })) {
  const { environment, diagnostics } = await openEnvironment({ name: 'test', source, host });
  const json = environment === null ? undefined : writeJson(plainData(environment.root, { reveal: true }));
  return { json, summaries: diagnostics.map(({ summary }) => summary) };
}

test('opens independent providers side by side, each once', async () => {
  const { counts, host } = countingHost();
  const calls = Array.from({ length: 10 }, (_, index) => `  p${index}: { fn::open::test: { n: ${index} } }`);
  await open(`values:\n${calls.join('\n')}\n`, host);
  expect(counts).toEqual({ running: 0, most: 10, calls: 10 });
});

test('opens a provider that needs another one after it', async () => {
  const { counts, host } = countingHost();
  const { json } = await open(
    'values:\n  a: { fn::open::test: { x: 1 } }\n  b: { fn::open::test: { y: "${a.x}" } }\n',
    host,
  );
  expect(json).toBe('{"a":{"x":1},"b":{"y":1}}');
  expect(counts.most).toBe(1);
});

test('waits for the keys of a base before it uses them as inputs', async () => {
  const environments = { base: 'values: { data: { fn::open::test: { theirs: 1 } } }' };
  const { counts, host } = countingHost(environments);
  const source =
    'imports: [base]\nvalues:\n  data: { own: 2 }\n  sent: { fn::open::test: { all: { fn::toJSON: "${data}" } } }\n';
  const { json } = await open(source, host);
  expect(json).toBe('{"data":{"own":2,"theirs":1},"sent":{"all":"{\\"own\\":2,\\"theirs\\":1}"}}');
  expect(counts.calls).toBe(2);
});

test('never runs more calls than allowed', async () => {
  const { counts, host } = countingHost();
  const calls = Array.from({ length: 20 }, (_, index) => `  p${index}: { fn::open::test: { n: ${index} } }`);
  const source = `values:\n${calls.join('\n')}\n`;
  await openEnvironment({ name: 'test', source, host, concurrency: 3 });
  expect(counts.most).toBe(3);
});

describe('timing', () => {
  const environments = {
    one: 'values: { a: "${nowhere}", p: { fn::open::error: { why: first } } }',
    two: 'values: { b: { fn::open::error: { why: second } }, c: "${nowhere}" }',
  };
  const source =
    'imports: [one, two, three]\nvalues:\n  x: { fn::open::error: { why: third } }\n  y: ${environments.four.five.z}\n';

  /** Opens the environment while each answer of the host takes as many milliseconds as `next` says. */
  async function summariesWith(next: () => number): Promise<string[]> {
    const providers = createTestProviders(async (answer) => {
      await delay(next());
      return answer();
    });
    const host = createTestHost({ environments, providers });
    const loadEnvironment: typeof host.loadEnvironment = async (name, options) => {
      await delay(next());
      return host.loadEnvironment(name, options);
    };
    return (await open(source, { ...host, loadEnvironment })).summaries;
  }

  test('does not show in the order of diagnostics', async () => {
    const [rising, falling] = [Array.from({ length: 20 }, (_, n) => n), Array.from({ length: 20 }, (_, n) => 20 - n)];
    const orders = [await summariesWith(() => 0), await summariesWith(() => rising.shift() ?? 0)];
    orders.push(await summariesWith(() => falling.shift() ?? 0));
    expect(orders[0]).toEqual([
      'unknown property "nowhere"',
      'first',
      'second',
      'unknown property "nowhere"',
      'environment "three" not found',
      'third',
      'environment "four/five" not found',
    ]);
    expect(orders).toEqual([orders[0], orders[0], orders[0]]);
  });

  test('imports are loaded side by side', async () => {
    let running = 0;
    let most = 0;
    const host = createTestHost({ environments });
    const loadEnvironment: typeof host.loadEnvironment = async (name, options) => {
      most = Math.max(most, (running += 1));
      await delay(1);
      running -= 1;
      return host.loadEnvironment(name, options);
    };
    await open(source, { ...host, loadEnvironment });
    expect(most).toBe(4);
  });

  test('loading stops when it is told to, and nothing is opened', async () => {
    const controller = new AbortController();
    const { counts, host } = countingHost();
    const loadEnvironment = (): Promise<never> => new Promise(() => undefined);
    const opening = openEnvironment({
      name: 'test',
      source,
      host: { ...host, loadEnvironment },
      signal: controller.signal,
    });
    controller.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
    expect(counts.calls).toBe(0);
  });
});

test('a check opens nothing', async () => {
  const { counts, host } = countingHost();
  const { environment } = await checkEnvironment({
    name: 'test',
    source: 'values: { a: { fn::open::test: { x: 1 } } }',
    host,
  });
  expect(counts.calls).toBe(0);
  expect(environment?.root.value).toBeInstanceOf(Map);
});

test('stops when it is told to', async () => {
  const controller = new AbortController();
  const host = createTestHost({
    environments: {},
    providers: createTestProviders(() => new Promise<never>(() => undefined)),
  });
  const opening = openEnvironment({
    name: 'test',
    source: 'values: { a: { fn::open::test: {} } }',
    host,
    signal: controller.signal,
  });
  controller.abort(new Error('enough'));
  await expect(opening).rejects.toThrow('enough');
});

test('keys that JavaScript treats specially are ordinary keys', async () => {
  const { json } = await open('values:\n  __proto__: { constructor: 1 }\n  toString: "${__proto__.constructor}"\n');
  expect(json).toBe('{"__proto__":{"constructor":1},"toString":"1"}'.replace('"1"', '1'));
});

describe('hostile texts end in a diagnostic', () => {
  test.each([
    ['deep lists', `values:\n  a: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`],
    ['deep objects', `values:\n  a: ${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}\n`],
    [
      'a long chain',
      `values:\n${Array.from({ length: 5000 }, (_, n) => `  k${n}: "\${k${n + 1}}"`).join('\n')}\n  k5000: 1\n`,
    ],
  ])('%s', async (_name, source) => {
    const { summaries } = await open(source);
    expect(summaries.length).toBeGreaterThan(0);
  });

  test('values that grow by references', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => `  a${n}: ${'['.repeat(100)}"\${a${n + 1}}"${']'.repeat(100)}`);
    const { summaries } = await open(`values:\n${lines.join('\n')}\n  a40: 1\n`);
    expect(summaries.some((summary) => /too deeply|levels deep/.test(summary))).toBe(true);
  });
});
