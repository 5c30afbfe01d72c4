import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Configuration, EscApi } from '@pulumi/esc-sdk';
import { captureProcess } from '../process/run-process';
import { findPulumi } from '../pulumi/find-pulumi';
import { openWorkspaceStore, startTestService, type TestService } from '../testing/test-service';
import { type CommandResult, TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(60_000);

/** Values that get lost where somebody is not careful with types, quotes, numbers or lines. */
const AWKWARD = `# awkward values
imports: [api/base]
values:
  nested: {a: [1, two, null, 12345678901234567890, 1.50], t: true, n: null, keep: "1"}
  unicode: "ünï 日本 🙂"
  html: "<a href='x'>&</a>"
  date: 2024-01-01
  empty: {}
  none: []
  token: {fn::secret: s3cr3t-t0ken}
  derived: "\${host}/\${token}"
  environmentVariables:
    PLAIN: value
    EMPTY: ""
    SPACES: " a b "
    QUOTES: "it's \\"hi\\""
    TEXT: "line1\\nline2\\n"
    CR: "a\\r\\nb\\tc"
    DOLLAR: "$HOME $\${HOME}"
    SUBST: "$(id) \`id\`"
    BACKSLASH: 'a\\b\\n'
    HASH: "a#b # c=d !"
    NUM: 42
    FLOAT: 1.50
    YES: true
    TOKEN: "\${token}"
  files:
    CERT: "-----BEGIN-----\\nabc\\n"
  pulumiConfig: {"aws:region": us-east-1, "app:db": "\${token}"}
`;

const workspace = new TestWorkspace({
  'api/project.json': JSON.stringify({ name: 'api' }),
  'api/esc/base.yaml': 'values: {host: example.test, nested: {keep: "x", more: 1}}\n',
  'api/esc/staging.yaml': AWKWARD,
  'api/esc/broken.yaml': 'values:\n  a: ${nope.b}\n',
});
const PATH = [dirname(findPulumi(process.env)), process.env.PATH].join(delimiter);
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ store: openWorkspaceStore(workspace.root) });
  workspace.variables = {
    PULUMI_BACKEND_URL: service.url,
    PULUMI_ACCESS_TOKEN: service.token,
    PULUMI_HOME: join(workspace.root, '.cache/pulumi'),
    NX_ESC_TIMEOUT: '10',
    PATH,
  };
});
afterAll(async () => {
  await service.close();
  workspace.remove();
});

function pulumi(args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  const env = { ...workspace.env, PULUMI_SKIP_UPDATE_CHECK: 'true' };
  return captureProcess({ command: 'pulumi', args, cwd: workspace.root, env });
}

const nxEsc = (...args: string[]): Promise<CommandResult> => workspace.run('nx-esc', args);

/** What is printed, byte for byte; but the keys of traces may come in another order. */
const comparable = (stdout: string, format: string): unknown =>
  format === 'detailed' ? (JSON.parse(stdout) as unknown) : stdout;

test.each(['json', 'yaml', 'string', 'detailed'])(
  '%s is the same from files, the cloud and the command',
  async (format) => {
    const args = ['api/staging', '--format', format];
    const [theirs, local, cloud, cli] = await Promise.all([
      pulumi(['env', 'open', ...args]),
      nxEsc('open', ...args, '--backend=local'),
      nxEsc('open', ...args, '--backend=cloud'),
      nxEsc('open', ...args, '--backend=cli'),
    ]);
    expect(theirs.code).toBe(0);
    expect(theirs.stdout).toContain('s3cr3t-t0ken');
    for (const { code, stdout, output } of [local, cloud, cli]) {
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(comparable(stdout, format)).toEqual(comparable(theirs.stdout, format));
    }
  },
);

test('the SDK gives the same, and so do shell and dotenv of every backend of ours', async () => {
  const client = new EscApi(new Configuration({ accessToken: service.token }));
  client.config.basePath = `${service.url}/api/esc`;
  const answered = await client.openAndReadEnvironment('acme', 'api', 'staging');
  const { stdout } = await nxEsc('open', 'api/staging', '--backend=cloud');
  expect(JSON.parse(stdout)).toEqual(answered?.values);
  for (const format of ['shell', 'dotenv']) {
    const [local, cloud] = await Promise.all(
      ['local', 'cloud'].map((backend) => nxEsc('open', 'api/staging', '-f', format, `--backend=${backend}`)),
    );
    const withoutFiles = (text = ''): string => text.replace(/.*CERT=.*/, '');
    expect(local?.stdout).toContain('s3cr3t-t0ken');
    expect(withoutFiles(cloud?.stdout)).toBe(withoutFiles(local?.stdout));
  }
});

test('nx.json names the backend, the login is that of pulumi, and run passes on the exit code', async () => {
  const nxJson = workspace.read('nx.json');
  const { PULUMI_ACCESS_TOKEN: token, ...rest } = workspace.variables;
  mkdirSync(join(workspace.root, '.cache/pulumi'), { recursive: true });
  const credentials = { current: service.url, accessTokens: { [service.url]: token } };
  writeFileSync(join(workspace.root, '.cache/pulumi/credentials.json'), JSON.stringify(credentials), { mode: 0o600 });
  const options = { organization: 'acme', backends: { 'api/staging': 'cloud' } };
  workspace.write({ 'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options }], analytics: false }) });
  const asked = service.answered.length;
  try {
    // A backend for state is none for environments.
    workspace.variables = { ...rest, PULUMI_BACKEND_URL: `file://${join(workspace.root, '.state')}` };
    const run = await nxEsc('run', 'api/staging', '--', 'sh', '-c', 'echo "$NUM $TOKEN"; exit 7');
    expect(run).toMatchObject({ code: 7, stdout: '42 [secret]\n' });
    expect(service.answered.length).toBeGreaterThan(asked);
    const target = await workspace.run('nx', ['run', 'api:esc-open', '--env=staging']);
    expect(target.output).toContain('"host": "example.test"');
    const before = service.answered.length;
    expect(await nxEsc('open', 'api/base', 'host')).toMatchObject({ code: 0, stdout: '"example.test"\n' });
    expect(service.answered.length).toBe(before);
  } finally {
    workspace.variables = { ...rest, PULUMI_ACCESS_TOKEN: token };
    workspace.write({ 'nx.json': nxJson });
  }
});

test.each(['cloud', 'cli'])('faults end with an exit code and a place, not with 0: %s', async (backend) => {
  const broken = await nxEsc('open', 'api/broken', `--backend=${backend}`);
  expect(broken).toMatchObject({ code: 10, stdout: '' });
  expect(broken.output).toContain('unknown property "nope"');
  if (backend === 'cloud') expect(broken.output).toContain('api/esc/broken.yaml:2:8');
  expect(await nxEsc('open', 'api/nowhere', `--backend=${backend}`)).toMatchObject({ code: 10, stdout: '' });
  const { variables } = workspace;
  workspace.variables = { ...variables, PULUMI_ACCESS_TOKEN: 'a-token-of-nobody' };
  const rejected = await nxEsc('open', 'api/staging', `--backend=${backend}`);
  workspace.variables = variables;
  expect(rejected.output).toMatch(/^identity\//);
  expect(rejected).toMatchObject({ code: 20, stdout: '' });
});

describe('where nobody is logged in but a command is there', () => {
  const realPulumi = findPulumi(process.env);
  const bin = join(workspace.root, '.cache/bin');
  /** A wrapper that gets its token from somewhere else, as those of password managers do. */
  const wrap = (name: string): void => {
    mkdirSync(bin, { recursive: true });
    const script = `#!/bin/sh\nPULUMI_ACCESS_TOKEN='${service.token}' exec '${realPulumi}' "$@"\n`;
    writeFileSync(join(bin, name), script, { mode: 0o755 });
  };
  const runWith = async (path: string, args: readonly string[]): Promise<CommandResult> => {
    const { variables } = workspace;
    // The command keeps the token that it is given: then it can be seen the next time.
    const home = mkdtempSync(join(workspace.root, '.cache/nobody-'));
    const loggedOut = { PULUMI_ACCESS_TOKEN: undefined, PULUMI_HOME: home, PATH: path };
    workspace.variables = { ...variables, ...loggedOut };
    try {
      return await nxEsc(...args);
    } finally {
      workspace.variables = variables;
    }
  };
  afterEach(() => rmSync(bin, { recursive: true, force: true }));

  test.each(['pulumi', 'esc'])('%s is asked, and it is said', async (name) => {
    wrap(name);
    const expected = await nxEsc('open', 'api/staging', '--backend=cloud');
    const { code, stdout, output } = await runWith(bin, ['open', 'api/staging', '--backend=cloud']);
    expect({ code, stdout, output }).toMatchObject({ code: 0, stdout: expected.stdout });
    const said = `nobody is logged in to ${service.url} as far as nx-esc can see: ${join(bin, name)} env is asked instead`;
    expect(output.split(said)).toHaveLength(2);
    const broken = await runWith(bin, ['open', 'api/broken', '--backend=cloud']);
    expect(broken).toMatchObject({ code: 10, output: expect.stringContaining('unknown property "nope"') as string });
    expect(broken.output).toContain(said);
    expect(await runWith(bin, ['check', 'api/staging', '--backend=cloud'])).toMatchObject({ code: 0 });
    expect(await runWith(bin, ['check', 'api/broken', '--backend=cloud'])).toMatchObject({
      code: 10,
      output: expect.stringContaining('pulumi env open api/broken shows them') as string,
    });
  });

  test('one that is not logged in either changes nothing', async () => {
    const expected = {
      code: 20,
      stdout: '',
      output: expect.stringContaining('identity/pulumi-login-missing') as string,
    };
    const folder = dirname(realPulumi);
    expect(await runWith(folder, ['open', 'api/staging', '--backend=cloud'])).toMatchObject(expected);
    expect(await runWith('/nowhere', ['open', 'api/staging', '--backend=cloud'])).toMatchObject(expected);
  });
});

test('a watch says that it sees no changes in the service', async () => {
  const command = ['-e', 'setInterval(() => {}, 1000); console.log("started")'];
  let isSaid = false;
  const args = ['run', '--watch', '--backend=cloud', 'api/staging', '--', process.execPath, ...command];
  await workspace.run('nx-esc', args, (output, child) => {
    isSaid = output.includes('api/staging is kept elsewhere') && output.includes('started');
    if (isSaid) child.kill('SIGTERM');
  });
  expect(isSaid).toBe(true);
});

test('a check by the service is of what it has, and says where it is wrong', async () => {
  const fine = await nxEsc('check', 'api/staging', 'api/base', '--backend=cloud');
  expect(fine).toMatchObject({ code: 0 });
  const { code, output } = await nxEsc('check', '--backend=cloud');
  expect(code).toBe(10);
  expect(output).toContain('api/esc/broken.yaml:2:8');
  expect(output).toContain('api/staging: no errors');
  expect(await nxEsc('open', 'api/base', '--backend=clowd')).toMatchObject({ code: 10 });
});
