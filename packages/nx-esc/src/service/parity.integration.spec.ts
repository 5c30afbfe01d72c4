import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Configuration, EscApi } from '@pulumi/esc-sdk';
import { findPulumi } from '../pulumi/find-pulumi';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(120_000);

const SECRET = 'correct-horse-battery';
const workspace = new TestWorkspace({
  'nx.json': JSON.stringify({
    plugins: [{ plugin: 'nx-esc/plugin', options: { organization: 'acme', serveTargetName: 'esc-serve' } }],
    analytics: false,
  }),
  'api/project.json': JSON.stringify({
    name: 'api',
    targets: { 'esc-serve': { options: { envFile: 'tmp/esc/served.env' } } },
  }),
  'api/esc/base.yaml': 'values:\n  region: eu-west-1\n  nested: {a: 1, keep: "x"}\n',
  'api/esc/staging.yaml': `# awkward values
imports: [base]
values:
  nested: {a: [1, two, null, 12345678901234567890, 1.50], t: true}
  unicode: "ünï 日本 🙂"
  html: "<a href='x'>&</a>"
  multi: |
    line1
    line2
  empty: {}
  secret: {fn::secret: ${SECRET}}
  date: 2024-01-01
  text: "\${region}/\${secret}"
  environmentVariables: {A: "\${nested.a[1]}", B: "say \\"hi\\""}
`,
});
let running: ChildProcess | undefined;
afterAll(async () => {
  running?.kill('SIGTERM');
  await delay(10);
  workspace.remove();
});

/** Runs the real pulumi as a user does who took over what the service printed. */
function pulumi(exports: string, args: readonly string[]): Promise<{ readonly code: number | null; stdout: string }> {
  const child = spawn('sh', ['-c', `${exports}\nexec pulumi "$@"`, 'sh', ...args], {
    env: {
      ...workspace.env,
      PATH: [dirname(findPulumi(process.env)), process.env.PATH].join(delimiter),
      PULUMI_HOME: join(workspace.root, '.cache/pulumi'),
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  return new Promise((done) => child.once('close', (code) => done({ code, stdout })));
}

/** What is printed, byte for byte; but the keys of traces may come in another order. */
function comparable(stdout: string, format: string): unknown {
  return format === 'detailed' ? (JSON.parse(stdout) as unknown) : stdout;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  if (child.exitCode === null) await new Promise((done) => child.once('close', done));
  return child.exitCode;
}

describe('nx-esc serve', () => {
  let exports = '';
  let printed = '';

  test('prints how clients find it, and nothing else, on standard output', async () => {
    running = workspace.start('nx-esc', ['serve', '--port=0', '--print-env', '--log', '--write-env=tmp/client.env']);
    running.stdout?.on('data', (chunk) => (exports += String(chunk)));
    running.stderr?.on('data', (chunk) => (printed += String(chunk)));
    while (!/ACCESS_TOKEN.*\n/.test(exports) && running.exitCode === null) await delay(20);
    expect(exports).toMatch(
      /^export PULUMI_BACKEND_URL=http:\/\/127\.0\.0\.1:\d+\nexport PULUMI_ACCESS_TOKEN="\$\(cat '.+\/\.nx\/esc-service\/token-\d+'\)"\n$/,
    );
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(workspace.read('tmp/client.env')).toContain(/URL=\S+/.exec(exports)?.[0]);
    expect(statSync(join(workspace.root, 'tmp/client.env')).mode & 0o777).toBe(0o600);
  });

  const tokenFile = (): string => /'(.+)'/.exec(exports)?.[1] as string;

  test.each(['json', 'yaml', 'string', 'detailed'])('%s of pulumi env open is that of nx-esc open', async (format) => {
    const [theirs, ours] = await Promise.all([
      pulumi(exports, ['env', 'open', 'api/staging', '--format', format]),
      workspace.run('nx-esc', ['open', 'api/staging', '--format', format]),
    ]);
    expect(theirs.code).toBe(0);
    expect(ours.stdout).toContain(SECRET);
    expect(comparable(theirs.stdout, format)).toEqual(comparable(ours.stdout, format));
  });

  test.each([
    ['nested.a[1]', 'json'],
    ['nested', 'yaml'],
    ['multi', 'string'],
    ['secret', 'detailed'],
    ['not.there', 'json'],
  ])('and so is its %s as %s', async (path, format) => {
    const args = ['open', 'api/staging', path, '--format', format];
    const [theirs, ours] = await Promise.all([pulumi(exports, ['env', ...args]), workspace.run('nx-esc', args)]);
    expect(theirs.code).toBe(0);
    expect(comparable(theirs.stdout, format)).toEqual(comparable(ours.stdout, format));
  });

  test('what @pulumi/esc-sdk answers is the same', async () => {
    const client = new EscApi(new Configuration({ accessToken: readFileSync(tokenFile(), 'utf8').trim() }));
    client.config.basePath = `${/http\S+/.exec(exports)?.[0]}/api/esc`;
    const opened = await client.openAndReadEnvironment('acme', 'api', 'staging');
    const ours = await workspace.run('nx-esc', ['open', 'api/staging']);
    expect(opened?.values).toEqual(JSON.parse(ours.stdout));
  });

  test('changes are changes of files, and files are changed without it', async () => {
    const set = await pulumi(exports, ['env', 'set', 'api/base', 'region', 'eu-west-2']);
    expect(set.code).toBe(0);
    expect(workspace.read('api/esc/base.yaml')).toContain('region: eu-west-2');
    workspace.write({ 'api/esc/new.yaml': 'imports: [api/base]\n' });
    const opened = await pulumi(exports, ['env', 'open', 'api/new', 'region']);
    expect(opened.stdout).toBe('"eu-west-2"\n');
    const listed = await pulumi(exports, ['env', 'ls']);
    expect(listed.stdout).toBe('acme/api/base\nacme/api/new\nacme/api/staging\n');
  });

  test('ends at a signal, with its token, and has told no secret', async () => {
    const file = tokenFile();
    const token = readFileSync(file, 'utf8').trim();
    expect(await ended(running as ChildProcess, 'SIGTERM')).toBe(0);
    expect([file, join(workspace.root, 'tmp/client.env')].filter((left) => existsSync(left))).toEqual([]);
    expect(printed).toMatch(/serving Pulumi ESC environments \(workspace\) at http/);
    expect(printed).toMatch(/POST \/api\/esc\/environments\/:organization\/:project\/:environment\/open 200 /);
    for (const secret of [token, SECRET]) expect(exports + printed).not.toContain(secret);
  });

  test.each([
    [['--host', '0.0.0.0'], /config\/option-invalid: 0\.0\.0\.0 is not an address of this machine alone/],
    [['--port', '99999'], /config\/option-invalid: "99999" is no port/],
    [['--store', 'nowhere'], /config\/option-invalid: unknown store "nowhere"[^]*workspace, memory, folder:<path>/],
  ])('refuses %j', async (args, message) => {
    const { code, output } = await workspace.run('nx-esc', ['serve', ...args]);
    expect(code).toBe(10);
    expect(output).toMatch(message);
  });
});

test('a continuous target serves while others run, and leaves nothing behind', async () => {
  const child = workspace.start('nx', ['run', 'api:esc-serve', '--output-style=stream']);
  running = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const file = join(workspace.root, 'tmp/esc/served.env');
  while (!existsSync(file) && child.exitCode === null) await delay(50);
  expect({ code: child.exitCode, output }).toMatchObject({ code: null });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const variables = Object.fromEntries(
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  ) as Record<string, string>;
  const response = await fetch(`${variables.PULUMI_BACKEND_URL}/api/esc/environments/acme`, {
    headers: { authorization: `token ${variables.PULUMI_ACCESS_TOKEN}` },
  });
  const { environments } = (await response.json()) as { environments: { name: string }[] };
  expect(environments.map(({ name }) => name)).toEqual(expect.arrayContaining(['base', 'staging']));
  await ended(child, 'SIGINT');
  while (existsSync(file)) await delay(50);
  expect(output).not.toContain(variables.PULUMI_ACCESS_TOKEN);
});
