import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseEnv } from 'node:util';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(60_000);

const bodies: string[] = [];
const collector = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  bodies.push(body);
  response.writeHead(200).end('{}');
});
const workspace = new TestWorkspace({
  'api/package.json': '{"name":"api"}',
  'api/esc/base.yaml': 'values:\n  region: eu-west-1\n',
  'api/esc/dev.yaml':
    'imports: [api/base]\nvalues:\n  database: { password: { fn::secret: hunter2-secret } }\n  environmentVariables:\n    PASSWORD: ${database.password}\n',
  'api/esc/hostile.yaml': 'values:\n  environmentVariables:\n    NODE_OPTIONS: --require=./evil.js\n',
  'api/esc/binary.yaml': 'values:\n  environmentVariables:\n    KEY: "a\\0b"\n',
});
const options = (more: object): string =>
  JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options: more }], analytics: false });

beforeAll(async () => {
  await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done));
  const { port } = collector.address() as AddressInfo;
  workspace.write({ 'nx.json': options({ audit: { otlp: { endpoint: `http://127.0.0.1:${port}` } } }) });
});
afterAll(() => {
  collector.close();
  workspace.remove();
});

test('what was opened is written down and sent, without a value', async () => {
  await workspace.run('nx-esc', ['open', 'api/dev']);
  await workspace.run('nx-esc', ['open', 'api/nope']);
  await workspace.run('nx-esc', ['open', 'api/base']);
  const { stdout } = await workspace.run('nx-esc', ['audit', '--format', 'json']);
  const records = JSON.parse(stdout);
  expect(records).toMatchObject([
    {
      operation: 'open',
      environment: 'api/dev',
      outcome: 'succeeded',
      secrets: ['database.password', 'environmentVariables.PASSWORD'],
    },
    { environment: 'api/nope', outcome: 'failed', class: 'config', code: 'environment-not-found' },
    { environment: 'api/base', outcome: 'succeeded', secrets: [] },
  ]);
  expect(records[0].files.sort()).toEqual(['api/esc/base.yaml', 'api/esc/dev.yaml']);
  expect(records[0].contentHash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(bodies).toHaveLength(3);
  expect(bodies[0]).toContain('"api/dev"');
  expect(stdout + bodies.join('')).not.toContain('hunter2');
  const table = await workspace.run('nx-esc', ['audit', '--env=nope', '--since=1h']);
  expect(table.stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^time +what +of +who +commit +outcome$/),
    expect.stringMatching(/open +api\/nope .* failed: config\/environment-not-found +\d+ ms$/),
  ]);
  expect((await workspace.run('nx-esc', ['audit', '--since=2999-01-01'])).stdout).toBe('nothing is written down\n');
  expect(await workspace.run('nx-esc', ['audit', '--since=soon'])).toMatchObject({ code: 10 });
});

test.each([
  ['run', ['run', 'api/hostile', '--', 'true'], /variable-not-allowed: an environment may not set NODE_OPTIONS/],
  ['open --format shell', ['open', 'api/hostile', '--format', 'shell'], /variable-not-allowed/],
  ['open --format dotenv', ['open', 'api/hostile', '--format', 'dotenv'], /variable-not-allowed/],
  ['run, with a NUL', ['run', 'api/binary', '--', 'true'], /variable-value-invalid: the value of KEY holds a NUL byte/],
])('refuses dangerous variables: %s', async (_name, args, message) => {
  const { code, output, stdout } = await workspace.run('nx-esc', args);
  expect({ code, output, stdout }).toEqual({ code: 10, output: expect.stringMatching(message) as string, stdout: '' });
});

test('a variable that is allowed by its name is set', async () => {
  workspace.write({ 'nx.json': options({ allowVariables: ['NODE_OPTIONS'], audit: { enabled: false } }) });
  const { code, stdout } = await workspace.run('nx-esc', [
    'run',
    'api/hostile',
    '--',
    'sh',
    '-c',
    'echo $NODE_OPTIONS',
  ]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '--require=./evil.js\n' });
});

describe('keys and tokens of the job', () => {
  const KEYS = { NX_ESC_AGE_KEY: 'a-private-key-of-the-job', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-bearer-of-the-job' };
  const names = Object.keys(KEYS);
  const environmentOf = async (args: readonly string[]): Promise<Record<string, string>> =>
    parseEnv((await workspace.run('nx-esc', args)).stdout) as Record<string, string>;
  beforeAll(() => (workspace.variables = { ...KEYS, KEPT: 'yes' }));
  afterAll(() => (workspace.variables = {}));

  test('are withheld from children', async () => {
    workspace.write({ 'nx.json': options({ audit: { enabled: false } }) });
    for (const args of [
      ['run', 'api/dev', '--', 'env'],
      ['shell', 'api/dev', '--shell', 'env'],
    ]) {
      const env = await environmentOf(args);
      expect(env).toMatchObject({ KEPT: 'yes' });
      expect(names.filter((name) => name in env)).toEqual([]);
    }
  });

  test('are passed by their names, and redacted', async () => {
    workspace.write({ 'nx.json': options({ passVariables: names, audit: { enabled: false } }) });
    const redacted = Object.fromEntries(names.map((name) => [name, '[secret]']));
    expect(await environmentOf(['run', 'api/dev', '--', 'env'])).toMatchObject({ KEPT: 'yes', ...redacted });
    expect(await environmentOf(['shell', 'api/dev', '--shell', 'env'])).toMatchObject({ KEPT: 'yes', ...KEYS });
  });
});

test('a broken file does not show the text of a secret', async () => {
  workspace.write({ 'api/esc/pasted.yaml': 'values:\n  key:\n    fn::secret: |\nMIIEverySecretLine=\n  b: [\n' });
  const { code, output } = await workspace.run('nx-esc', ['open', 'api/pasted']);
  expect(code).toBe(10);
  expect(output).toContain('config/yaml-syntax');
  expect(output).not.toContain('MIIEverySecretLine');
});
