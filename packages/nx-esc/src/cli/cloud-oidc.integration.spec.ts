import { join } from 'node:path';
import { type ExchangeFault, OidcCloud } from '../testing/oidc-cloud';
import { openWorkspaceStore, startTestService, type TestService } from '../testing/test-service';
import { type CommandResult, TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(60_000);

const nxJson = (options: object): string =>
  JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options }], analytics: false });
const workspace = new TestWorkspace({
  'nx.json': nxJson({ organization: 'acme', backend: 'cloud' }),
  'api/project.json': '{"name":"api"}',
  'api/esc/dev.yaml': 'values: { environmentVariables: { PORT: 8080 } }\n',
});
let service: TestService;
let cloud: OidcCloud;
beforeAll(async () => {
  service = await startTestService({ store: openWorkspaceStore(workspace.root) });
  cloud = await OidcCloud.start(service);
});
beforeEach(() => {
  cloud.fault = undefined;
  cloud.tokens.length = 0;
  workspace.variables = {
    ...cloud.jobVariables,
    // No command is there to be asked instead.
    PATH: '/usr/bin:/bin',
    PULUMI_HOME: join(workspace.root, '.cache/nobody'),
    PULUMI_ACCESS_TOKEN: undefined,
    PULUMI_BACKEND_URL: cloud.url,
    NX_ESC_TIMEOUT: '3',
  };
});
afterAll(async () => {
  await cloud.close();
  await service.close();
  workspace.remove();
});

const open = (): Promise<CommandResult> => workspace.run('nx-esc', ['open', 'api/dev', 'environmentVariables.PORT']);

test('a job without a login opens with its own token, which is exchanged once and shown nowhere', async () => {
  const { code, stdout, output } = await open();
  expect({ code, stdout, output }).toMatchObject({ code: 0, stdout: '8080\n' });
  const [idToken, accessToken, ...others] = cloud.tokens;
  expect(others).toEqual([]);
  const child = 'env; echo $PORT';
  const run = await workspace.run('nx-esc', ['run', 'api/dev', '--', 'sh', '-c', child]);
  expect(run.stdout).toContain('8080\n');
  for (const token of [idToken, accessToken, ...cloud.tokens, workspace.variables.ACTIONS_ID_TOKEN_REQUEST_TOKEN])
    expect([output, run.output, ...workspace.filesWith(token as string)].join()).not.toContain(token);
});

test.each<[ExchangeFault, string]>([
  ['denies', 'identity/pulumi-token-denied'],
  ['unavailable', 'identity/pulumi-cloud-unreachable'],
  ['truncated', 'identity/pulumi-cloud-unreachable'],
  ['hanging', 'identity/pulumi-cloud-unreachable'],
  ['gives-another-token', 'identity/pulumi-token-rejected'],
])('an exchange that %s ends as %s', async (fault, expected) => {
  cloud.fault = fault;
  const { code, stdout, output } = await open();
  expect({ code, stdout }).toEqual({ code: 20, stdout: '' });
  expect(output).toContain(expected);
  if (fault === 'denies') {
    expect(output).toContain('no policy matches the subject');
    expect(output).toContain('repo:acme/shop:ref:refs/heads/main');
  }
  for (const token of cloud.tokens) expect(output).not.toContain(token);
});

test('a token of another organization is not accepted, and without one it is said what is missing', async () => {
  const text = workspace.read('nx.json');
  try {
    workspace.write({ 'nx.json': nxJson({ organization: 'umbrella', backend: 'cloud' }) });
    expect(await open()).toMatchObject({
      code: 20,
      output: expect.stringContaining('the subject token is for urn:pulumi:org:umbrella') as string,
    });
    workspace.write({ 'nx.json': nxJson({ backend: 'cloud' }) });
    expect(await open()).toMatchObject({
      code: 20,
      output: expect.stringMatching(/pulumi-login-missing[^]*set "organization" in nx\.json/) as string,
    });
  } finally {
    workspace.write({ 'nx.json': text });
  }
});

test('a runner that refuses its token is an identity failure, too', async () => {
  workspace.variables.ACTIONS_ID_TOKEN_REQUEST_TOKEN = 'another';
  expect(await open()).toMatchObject({
    code: 20,
    output: expect.stringContaining('identity/oidc-request-failed') as string,
  });
});
