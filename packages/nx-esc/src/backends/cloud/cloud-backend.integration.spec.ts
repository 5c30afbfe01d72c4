import { Failure } from '../../failures/failure';
import { type Fault, FaultyProxy } from '../../testing/faulty-proxy';
import { startTestService, type TestService } from '../../testing/test-service';
import { CloudBackend } from './cloud-backend';
import { EscClient } from './esc-client';

jest.setTimeout(60_000);

const FILE = '/work/api/esc/dev.yaml';
const DEV = `imports: [api/base]
values:
  pw: {fn::secret: correct-horse}
  big: 12345678901234567890
  exact: 1.50
  list: [1, two, null]
  url: "\${host}/\${pw}"
`;
const index = {
  fileOf: (name: string) => (name === 'api/dev' ? FILE : undefined),
  names: () => ['api/dev'],
};

let service: TestService;
let proxy: FaultyProxy;
beforeAll(async () => {
  service = await startTestService();
  proxy = await FaultyProxy.start(service.url);
  for (const [name, text] of [
    ['base', 'values: {host: example.test}\n'],
    ['dev', DEV],
  ] as const) {
    await service.fetch('/api/esc/environments/acme', {
      method: 'POST',
      body: JSON.stringify({ project: 'api', name }),
    });
    await service.fetch(`/api/esc/environments/acme/api/${name}`, { method: 'PATCH', body: text });
  }
});
afterEach(() => {
  proxy.rules = [];
  proxy.asked.length = 0;
});
afterAll(async () => {
  await proxy.close();
  await service.close();
});

const { signal } = new AbortController();
const createClient = (token = service.token, totalMs = 21_000): EscClient =>
  new EscClient({
    url: proxy.url,
    signal,
    timeLimit: { totalMs, attemptMs: totalMs / 3 },
    accessToken: () => Promise.resolve(token),
  });
const createBackend = (client = createClient()): CloudBackend =>
  new CloudBackend({ workspaceRoot: '/work', index, client });
const open = (ref = 'api/dev', backend = createBackend()): ReturnType<CloudBackend['open']> =>
  backend.open({ source: { kind: 'reference', ref }, signal });
const failureOf = (running: Promise<unknown>): Promise<unknown> =>
  running.then(
    () => 'no failure',
    (error: unknown) => error,
  );

test('opens by name, at a version, and a document without a name, with every value as it is', async () => {
  const opened = await open();
  const root = opened.root.value as ReadonlyMap<string, { readonly value: unknown; readonly secret?: boolean }>;
  expect(root.get('pw')).toMatchObject({ value: 'correct-horse', secret: true });
  expect(root.get('url')).toMatchObject({ value: 'example.test/correct-horse', secret: true });
  expect(root.get('big')?.value).toMatchObject({ text: '12345678901234567890' });
  expect(opened.fileOf?.('api/dev')).toBe(FILE);
  expect(proxy.asked).toContain('POST /api/esc/environments/acme/api/dev/open');
  await expect(open('acme/api/dev@1')).resolves.toMatchObject({ name: 'api/dev' });
  const anonymous = await createBackend().open({
    source: { kind: 'anonymous', text: 'imports: [api/dev]\n', file: '/work/Pulumi.dev.yaml' },
    signal,
  });
  expect((anonymous.root.value as ReadonlyMap<string, unknown>).get('url')).toMatchObject({ secret: true });
});

test('a check opens no secret', async () => {
  const checked = await createBackend().check({ source: { kind: 'reference', ref: 'api/dev' }, signal });
  expect((checked.root.value as ReadonlyMap<string, unknown>).get('pw')).toMatchObject({ unknown: true, secret: true });
  const source = { kind: 'anonymous', text: 'values: {a: "${nope}"}\n', file: FILE } as const;
  expect(await failureOf(createBackend().check({ source, signal }))).toMatchObject({
    code: 'unknown-property',
    location: { file: FILE, line: 1, column: 13 },
  });
});

test('what the service finds wrong is told with the file of the workspace, its line and column', async () => {
  const diagnostics = [
    {
      summary: 'expected a string',
      severity: 'error',
      range: { environment: 'api/dev', begin: { line: 3, column: 7, byte: 9 }, end: { line: 3, column: 8, byte: 10 } },
    },
  ];
  const body = JSON.stringify({ code: 400, message: 'no', diagnostics });
  proxy.rules = [{ path: /open$/, fault: { kind: 'status', status: 400, body } }];
  expect(await failureOf(open())).toMatchObject({
    failureClass: 'config',
    code: 'environment-invalid',
    location: { file: FILE, line: 3, column: 7 },
  });
});

test.each<[Fault, string, number]>([
  [{ kind: 'status', status: 401 }, 'identity/pulumi-token-rejected', 1],
  [{ kind: 'status', status: 403, body: '{"code":403,"message":"ask ann"}' }, 'identity/pulumi-access-denied', 1],
  [{ kind: 'status', status: 404 }, 'config/environment-not-found', 1],
  [{ kind: 'status', status: 409 }, 'config/remote-changed', 1],
  [{ kind: 'status', status: 418 }, 'config/request-refused', 1],
  [{ kind: 'status', status: 302 }, 'config/request-refused', 1],
  [{ kind: 'status', status: 429 }, 'identity/pulumi-cloud-throttled', 4],
  [{ kind: 'status', status: 503, body: '<html>' }, 'identity/pulumi-cloud-unreachable', 4],
  [{ kind: 'status', status: 200, body: '<html>' }, 'identity/pulumi-cloud-unreachable', 1],
  [{ kind: 'truncated' }, 'identity/pulumi-cloud-unreachable', 4],
])('%j ends as %s', async (fault, expected, times) => {
  proxy.rules = [{ path: /open$/, fault }];
  const failure = (await failureOf(open('acme/api/dev'))) as Failure;
  expect(failure).toBeInstanceOf(Failure);
  expect(`${failure.failureClass}/${failure.code}`).toBe(expected);
  expect(failure.hint).toBeTruthy();
  expect(proxy.asked).toHaveLength(times);
});

test('a service that never answers is unreachable within the time limit', async () => {
  proxy.rules = [{ fault: { kind: 'hanging' } }];
  const backend = createBackend(createClient(service.token, 1500));
  expect(await failureOf(open('acme/api/dev', backend))).toMatchObject({
    code: 'pulumi-cloud-unreachable',
    message: expect.stringContaining('does not answer in time') as unknown,
  });
});

test.each<Fault>([{ kind: 'status', status: 429 }, { kind: 'status', status: 502 }, { kind: 'truncated' }])(
  'goes on after %j has passed',
  async (fault) => {
    proxy.rules = [{ fault, times: 2 }];
    await expect(open()).resolves.toMatchObject({ name: 'api/dev' });
  },
);

test('a token of nobody is rejected, and an update is sent but once', async () => {
  expect(await failureOf(open('api/dev', createBackend(createClient('no-token-of-ours'))))).toMatchObject({
    code: 'pulumi-token-rejected',
  });
  const name = { organization: 'acme', project: 'api', environment: 'dev' };
  proxy.rules = [{ method: 'PATCH', fault: { kind: 'lost-answer' } }];
  const { etag } = await createClient().definition(name);
  expect(await failureOf(createClient().update(name, DEV, etag))).toMatchObject({ code: 'pulumi-cloud-unreachable' });
  expect(proxy.asked.filter((asked) => asked.startsWith('PATCH'))).toHaveLength(1);
  proxy.rules = [];
  expect(await failureOf(createClient().update(name, DEV, '"stale"'))).toMatchObject({ code: 'remote-changed' });
});
