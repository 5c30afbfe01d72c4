import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Configuration, EscApi } from '@pulumi/esc-sdk';
import { findPulumi } from '../pulumi/find-pulumi';
import { startTestService, type TestService } from '../testing/test-service';
import { playTranscript } from '../testing/transcript';
import { ROUTES } from './routes';

jest.setTimeout(120_000);

const home = mkdtempSync(join(tmpdir(), 'nx-esc-clients-'));
let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(async () => {
  await service.close();
  rmSync(home, { recursive: true, force: true });
});

/** Routes that neither the CLI's env commands nor the SDK ask for: those of `pulumi up`, and of editors. */
const OTHERS = [
  'POST /api/esc/environments/:organization/yaml/open',
  'GET /api/esc/environments/:organization/yaml/open/:session',
  'GET /api/esc/providers',
  'GET /api/esc/providers/:name/schema',
  'GET /api/esc/rotators',
  'GET /api/esc/rotators/:name/schema',
];

test('the real pulumi does all that its env commands do', async () => {
  const { PATH, ...rest } = process.env;
  const env = {
    ...rest,
    PATH: [dirname(findPulumi(process.env)), PATH].join(delimiter),
    HOME: home,
    PULUMI_HOME: join(home, '.pulumi'),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_BACKEND_URL: service.url,
    PULUMI_ACCESS_TOKEN: service.token,
    TZ: 'UTC',
    NODE_OPTIONS: '',
  };
  const { expected, actual } = await playTranscript('pulumi-env', env, (output) =>
    output
      .replaceAll(service.url, '<url>')
      .replaceAll(home, '<home>')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000 UTC/g, '<time>')
      // Columns are as wide as the times in them.
      .replace(/─+/g, '─')
      .replace(/ +│/g, ' │')
      .replace(/ZXNjeA[A-Za-z0-9+/=]+/g, '<ciphertext>'),
  );
  expect(actual).toBe(expected);
});

/** Of this URL the constructor would drop the port. */
function createClient(): EscApi {
  const client = new EscApi(new Configuration({ accessToken: service.token }));
  client.config.basePath = `${service.url}/api/esc`;
  return client;
}

test('@pulumi/esc-sdk does all that it has methods for', async () => {
  const client = createClient();
  const at = ['acme', 'sdk', 'dev'] as const;
  await client.createEnvironment(...at);
  expect((await client.listEnvironments('acme'))?.environments).toContainEqual(
    expect.objectContaining({ organization: 'acme', project: 'sdk', name: 'dev' }),
  );
  const text = '# kept\nvalues:\n  size: 3\n  none: null\n  pw: {fn::secret: correct-horse}\n';
  expect(await client.updateEnvironmentYaml(...at, text)).toEqual({});
  const definition = await client.getEnvironment(...at);
  expect(definition?.yaml).toMatch(
    /^# kept\nvalues:\n {2}size: 3\n {2}none: null\n {2}pw: \{'fn::secret': \{ciphertext: /,
  );
  expect(definition?.definition.values).toMatchObject({ size: 3 });
  expect((await client.decryptEnvironment(...at))?.yaml).toContain('correct-horse');
  await client.updateEnvironment(...at, { imports: [], values: { size: 4, environmentVariables: { A: '${size}' } } });
  expect((await client.getEnvironmentAtVersion(...at, '2'))?.yaml).toBe(definition?.yaml);

  const opened = await client.openEnvironment(...at);
  const session = opened?.id as string;
  expect((await client.readOpenEnvironment(...at, session))?.values).toMatchObject({
    environmentVariables: { A: 4 },
  });
  expect(await client.readOpenEnvironmentProperty(...at, session, 'environmentVariables.A')).toMatchObject({
    value: 4,
    property: { trace: { def: { environment: 'sdk/dev' } } },
  });
  expect((await client.openAndReadEnvironment(...at))?.values).toMatchObject({ size: 4 });
  expect(await client.openEnvironmentAtVersion(...at, '2')).toHaveProperty('id');
  expect((await client.openAndReadEnvironmentAtVersion(...at, '2'))?.values).toEqual({
    size: 3,
    none: null,
    pw: 'correct-horse',
  });
  expect(await client.checkEnvironmentYaml('acme', 'values:\n  a: ${nope}\n')).toMatchObject({
    diagnostics: [{ summary: 'unknown property "nope"', range: { begin: { line: 2, column: 8 } } }],
  });
  expect(await client.checkEnvironment('acme', { values: { a: 1 } })).toMatchObject({
    properties: { a: { value: 1 } },
  });

  expect((await client.listEnvironmentRevisions(...at))?.map(({ number }) => number)).toEqual([3, 2, 1]);
  expect((await client.listEnvironmentRevisions(...at, 3, 1))?.map(({ number }) => number)).toEqual([2]);
  await client.createEnvironmentRevisionTag(...at, 'stable', 2);
  await client.updateEnvironmentRevisionTag(...at, 'stable', 1);
  expect(await client.getEnvironmentRevisionTag(...at, 'stable')).toMatchObject({ name: 'stable', revision: 1 });
  expect((await client.listEnvironmentRevisionTags(...at))?.tags?.map(({ name }) => name)).toEqual([
    'latest',
    'stable',
  ]);
  expect((await client.listEnvironmentRevisionTags(...at, 'latest', 1))?.tags).toHaveLength(1);
  await client.deleteEnvironmentRevisionTag(...at, 'stable');

  await client.createEnvironmentTag(...at, 'team', 'blue');
  await client.updateEnvironmentTag(...at, 'team', 'blue', 'squad', 'green');
  await expect(client.updateEnvironmentTag(...at, 'squad', 'blue', 'squad', 'red')).rejects.toMatchObject({
    response: { status: 409 },
  });
  expect(await client.getEnvironmentTag(...at, 'squad')).toMatchObject({ name: 'squad', value: 'green' });
  expect(await client.listEnvironmentTags(...at)).toMatchObject({
    tags: { squad: { value: 'green' } },
    nextToken: '0',
  });
  await client.deleteEnvironmentTag(...at, 'squad');

  await client.cloneEnvironment(...at, 'sdk', 'copy', { preserveHistory: true });
  expect((await client.openAndReadEnvironmentAtVersion('acme', 'sdk', 'copy', '2'))?.values?.pw).toBe('correct-horse');
  const { headers } = await client.rawApi.getEnvironmentETag(...at);
  expect(headers.etag).toMatch(/^"[0-9a-f]{64}"$/);
  await client.deleteEnvironment(...at);
  await expect(client.getEnvironment(...at)).rejects.toMatchObject({ response: { status: 404 } });
});

test('documents without a name, and what editors ask for', async () => {
  await service.fetch('/api/esc/environments/acme', { method: 'POST', body: '{"project":"web","name":"one"}' });
  await service.fetch('/api/esc/environments/acme', { method: 'POST', body: '{"project":"web","name":"two"}' });
  await service.fetch('/api/esc/environments/acme/web/two', { method: 'PATCH', body: 'values: {which: two}' });
  const overrides = Buffer.from('{"web/one":"web/two"}').toString('base64url');
  const path = '/api/esc/environments/acme/yaml/open';
  const opened = await service.fetch(`${path}?duration=1m&environmentOverrides=${overrides}`, {
    method: 'POST',
    body: 'imports: [web/one]\nvalues: {name: "${context.rootEnvironment.name}"}\n',
  });
  const { id } = (await opened.json()) as { id: string };
  expect(await (await service.fetch(`${path}/${id}`)).json()).toMatchObject({
    properties: { which: { value: 'two' }, name: { value: '<yaml>' } },
  });
  expect(await (await service.fetch(`${path}/${id}?property=which`)).json()).toMatchObject({ value: 'two' });

  const ask = async (what: string): Promise<unknown> => (await service.fetch(`/api/esc/${what}`)).json();
  expect(await ask('providers')).toEqual({ providers: ['pulumi-stacks'] });
  expect(await ask('providers/pulumi-stacks/schema')).toEqual({ name: 'pulumi-stacks', inputs: true, outputs: true });
  expect(await ask('rotators')).toEqual({ rotators: ['passwords'] });
  expect(await ask('rotators/swap/schema')).toMatchObject({ name: 'swap', state: { required: ['a', 'b'] } });
});

test('every route was asked for by the client that has a use for it', () => {
  const asked = (client: RegExp): ReadonlySet<string> =>
    new Set(
      service.answered
        .filter((request) => client.test(request.client ?? ''))
        .map(({ method, route }) => `${method} ${route}`),
    );
  const byClients = asked(/^(?:pulumi-cli|esc-sdk)\//);
  const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(routes.filter((route) => !byClients.has(route)).sort()).toEqual([...OTHERS].sort());
  expect(OTHERS.filter((route) => !asked(/^node/).has(route))).toEqual([]);
  expect(new Set(routes).size).toBe(routes.length);
  expect(service.faults).toEqual([]);
});
