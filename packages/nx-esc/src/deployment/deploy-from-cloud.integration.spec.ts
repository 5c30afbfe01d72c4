import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { captureProcess } from '../process/run-process';
import { findPulumi } from '../pulumi/find-pulumi';
import { FaultyProxy } from '../testing/faulty-proxy';
import { type CommandResult, TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(180_000);

const SECRET = 'correct-horse-battery';
const environment = (origin: string): string => `values:
  origin: ${origin}
  stacks:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/staging }
  environmentVariables:
    ORIGIN: ${origin}
    CLUSTER: \${stacks.infra.cluster}
    PASSWORD: { fn::secret: ${SECRET} }
  files:
    NOTES: "notes of the ${origin}"
  pulumiConfig:
    size: 3
    key: \${environmentVariables.PASSWORD}
`;
const PROGRAM = `
const { readFileSync } = require('node:fs');
const pulumi = require('@pulumi/pulumi');
const config = new pulumi.Config();
exports.seen = { size: config.requireNumber('size'), notes: readFileSync(process.env.NOTES, 'utf8'), cluster: process.env.CLUSTER };
exports.key = config.requireSecret('key');
`;
const nxJson = (options: object): string =>
  JSON.stringify({
    plugins: [{ plugin: 'nx-esc/plugin', options: { organization: 'acme', ...options } }],
    analytics: false,
  });
const workspace = new TestWorkspace({
  'nx.json': nxJson({}),
  'infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\nmain: index.js\n',
  'infra/Pulumi.staging.yaml': 'config: {}\n',
  'infra/package.json': '{"name":"infra"}',
  'infra/index.js': "exports.cluster = 'cluster-1';\n",
  'api/Pulumi.yaml': 'name: api\nruntime: nodejs\nmain: index.js\n',
  'api/Pulumi.staging.yaml': 'environment: [api/staging]\n',
  'api/index.js': PROGRAM,
  'api/project.json': JSON.stringify({
    name: 'api',
    targets: { deploy: { options: { commands: ['node after.js'] } } },
  }),
  'api/after.js': 'console.log("after:", process.env.ORIGIN, process.env.CLUSTER, process.env.PASSWORD);\n',
  // What Nx sees; the service has another.
  'api/esc/staging.yaml': environment('file'),
  'cloud.yaml': environment('cloud'),
});
const PATH = [dirname(findPulumi(process.env)), process.env.PATH].join(delimiter);
let serving: ChildProcess;
let gateway: FaultyProxy;
let client: NodeJS.ProcessEnv;

beforeAll(async () => {
  serving = workspace.start('nx-esc', [
    'serve',
    '--port=0',
    '--store=folder:.cache/cloud',
    '--write-env=.cache/client.env',
  ]);
  const file = join(workspace.root, '.cache/client.env');
  while (!existsSync(file) && serving.exitCode === null) await delay(50);
  client = parseEnv(workspace.read('.cache/client.env')) as NodeJS.ProcessEnv;
  gateway = await FaultyProxy.start(client.PULUMI_BACKEND_URL as string);
  const env = { ...workspace.env, ...client, PATH, PULUMI_HOME: join(workspace.root, '.cache/pulumi') };
  const args = ['env', 'init', 'acme/api/staging', '--file', 'cloud.yaml', '--non-interactive'];
  const { code, stderr } = await captureProcess({ command: 'pulumi', args, cwd: workspace.root, env });
  if (code !== 0) throw new Error(stderr);
  // The state is in a folder: PULUMI_BACKEND_URL names no service.
  workspace.write({ 'nx.json': nxJson({ backends: { 'api/staging': 'cloud' }, pulumiCloud: { url: gateway.url } }) });
  workspace.variables = { PATH, PULUMI_ACCESS_TOKEN: client.PULUMI_ACCESS_TOKEN };
});
afterAll(async () => {
  serving.kill('SIGTERM');
  await gateway.close();
  workspace.remove();
});

const nxEsc = (...args: string[]): Promise<CommandResult> => workspace.run('nx-esc', args);

test('deploys with what the service opens: stack outputs, configuration, files, and the commands of the app', async () => {
  const { code, output } = await workspace.run('nx', ['run', 'api:deploy', '--env=staging', '--output-style=stream']);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output.indexOf('nx run infra:deploy')).toBeLessThan(output.indexOf('nx run api:deploy'));
  expect(output).toContain('after: cloud cluster-1 [secret]');
  expect(output).not.toContain(SECRET);
  const { outputs } = JSON.parse(workspace.stateOf('api', 'staging')).checkpoint.latest.resources[0];
  expect(outputs.seen).toEqual({ size: 3, notes: 'notes of the cloud', cluster: 'cluster-1' });
  expect(outputs.key).toHaveProperty('ciphertext');
  expect(workspace.stateOf('api', 'staging')).not.toContain(SECRET);
  expect(gateway.asked).toContain('POST /api/esc/environments/acme/yaml/open');
});

test('and so do preview, open, run, shell and check', async () => {
  const preview = await workspace.run('nx', ['run', 'api:preview', '--env=staging', '--output-style=stream']);
  expect({ code: preview.code, output: preview.output }).toMatchObject({ code: 0 });
  expect(await nxEsc('open', 'api/staging', 'origin', '--backend=cloud')).toMatchObject({
    code: 0,
    stdout: '"cloud"\n',
  });
  expect(await nxEsc('open', 'api/staging', 'origin', '--backend=local')).toMatchObject({
    code: 0,
    stdout: '"file"\n',
  });
  const run = await nxEsc('run', 'api/staging', '--', 'node', 'api/after.js');
  expect(run).toMatchObject({ code: 0, stdout: 'after: cloud cluster-1 [secret]\n' });
  const shell = workspace.start('nx-esc', ['shell', '--shell=sh', '--backend=cloud', 'api/staging']);
  let said = '';
  shell.stdout?.on('data', (chunk) => (said += String(chunk)));
  shell.stdin?.end('cat $NOTES; exit 3\n');
  expect(await new Promise((done) => shell.once('close', done))).toBe(3);
  expect(said).toBe('notes of the cloud');
  const target = await workspace.run('nx', ['run', 'api:esc-open', '--env=staging', '--backend=local']);
  expect(target.output).toContain('"origin": "file"');
  expect(await nxEsc('check', 'api/staging', '--backend=cloud')).toMatchObject({ code: 0 });
});

test('a command that knows the login is asked where the service cannot be', async () => {
  const { variables } = workspace;
  const script = `#!/bin/sh\nPULUMI_ACCESS_TOKEN='${client.PULUMI_ACCESS_TOKEN}' exec '${findPulumi(process.env)}' "$@"\n`;
  workspace.write({ '.cache/bin/pulumi': script });
  chmodSync(join(workspace.root, '.cache/bin/pulumi'), 0o755);
  const home = join(workspace.root, '.cache/nobody');
  const path = [join(workspace.root, '.cache/bin'), PATH].join(delimiter);
  workspace.variables = { PATH: path, PULUMI_HOME: home };
  const { code, output } = await workspace.run('nx', ['run', 'api:preview', '--env=staging', '--output-style=stream']);
  workspace.variables = variables;
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain(`nobody is logged in to ${gateway.url} as far as nx-esc can see`);
});

test('environments of one stack that are kept in different places are refused', async () => {
  workspace.write({ 'infra/Pulumi.staging.yaml': 'environment: [api/staging, infra/own]\n' });
  const { code, output } = await workspace.run('nx', [
    'run',
    'infra:preview',
    '--env=staging',
    '--output-style=stream',
  ]);
  expect(code).toBe(1);
  expect(output).toContain('config/backend-incapable: infra/Pulumi.staging.yaml');
  expect(output).toContain('api/staging (cloud), infra/own (local)');
});
