import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(180_000);

/** A stack that makes a password, and waits as long as it is told to. */
const INFRA = {
  'infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\nmain: index.js\n',
  'infra/Pulumi.dev.yaml': 'config: {}\n',
  'infra/package.json': '{"name":"infra"}',
  'infra/index.js': `
const pulumi = require('@pulumi/pulumi');
class Slow extends pulumi.dynamic.Resource {
  constructor(name, milliseconds) {
    super({
      async create(inputs) {
        await new Promise((resolve) => setTimeout(resolve, inputs.milliseconds));
        return { id: 'id', outs: inputs };
      },
      async diff(id, olds, news) { return { changes: olds.milliseconds !== news.milliseconds, replaces: ['milliseconds'] }; },
    }, name, { milliseconds });
  }
}
const wait = Number(new pulumi.Config().get('wait') ?? 0);
if (wait > 0) for (const name of ['one', 'two', 'three']) new Slow(name, wait);
exports.cluster = 'cluster-1';
exports.password = pulumi.secret('correct-horse-battery');
`,
};
const API = {
  'api/Pulumi.yaml': 'name: api\nruntime: nodejs\nmain: index.js\n',
  'api/Pulumi.dev.yaml': 'environment:\n  - api/dev\nconfig:\n  api:own: mine\n',
  'api/project.json': JSON.stringify({
    name: 'api',
    targets: { deploy: { options: { commands: ['node after.js'] } } },
  }),
  'api/after.js': `
const { readFileSync } = require('node:fs');
console.log('after:', process.env.CLUSTER, process.env.SERVICE, readFileSync(process.env.NOTES, 'utf8').trim(), process.env.PASSWORD);
process.exit(Number(process.env.EXIT_CODE ?? 0));
`,
  'api/index.js': `
const { readFileSync, statSync } = require('node:fs');
const pulumi = require('@pulumi/pulumi');
const config = new pulumi.Config();
if (process.env.CLUSTER !== 'cluster-1') throw new Error('CLUSTER is missing');
exports.service = 'service-1';
exports.seen = { own: config.require('own'), size: config.requireNumber('size'), notes: readFileSync(process.env.NOTES, 'utf8'), mode: statSync(process.env.NOTES).mode & 0o777 };
exports.key = config.requireSecret('key');
console.log('the program says', process.env.PASSWORD);
`,
  'api/esc/base.yaml': 'values:\n  size: 3\n',
  'api/esc/dev.yaml': `imports: [api/base]
values:
  stacks:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/dev }
        self: { stack: acme/api/dev }
  environmentVariables:
    CLUSTER: \${stacks.infra.cluster}
    SERVICE: \${stacks.self.service}
    PASSWORD: \${stacks.infra.password}
  files:
    NOTES: "some notes"
  pulumiConfig:
    size: \${size}
    key: \${stacks.infra.password}
`,
};
const SECRET = 'correct-horse-battery';

/** Watches the command lines of all processes while something runs. */
async function secretsInCommandLines(running: Promise<unknown>): Promise<number> {
  let found = 0;
  let isRunning = true;
  const stopped = running.finally(() => (isRunning = false));
  while (isRunning) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(SECRET)) found += 1;
      } catch {
        // It has ended.
      }
    }
    await delay(30);
  }
  await stopped;
  return found;
}

describe('a workspace of two stacks', () => {
  const workspace = new TestWorkspace({ ...INFRA, ...API });
  afterAll(() => workspace.remove());

  test('deploys from zero: what it depends on first, then stack and commands with the environment', async () => {
    const running = workspace.run('nx', [
      'run',
      'api:deploy',
      '--env=dev',
      '--output-style=stream',
      '--summaryFile=.cache/summary.json',
    ]);
    const found = await secretsInCommandLines(running);
    const { code, output } = await running;
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output.indexOf('nx run infra:deploy')).toBeLessThan(output.indexOf('nx run api:deploy'));
    expect(output).toContain('left out for now: SERVICE');
    expect(output).toContain('the program says [secret]');
    expect(output).toContain('after: cluster-1 service-1 some notes [secret]');
    expect(output).not.toContain(SECRET);
    expect(found).toBe(0);
    expect(JSON.parse(workspace.read('.cache/summary.json'))).toMatchObject({
      success: true,
      result: { stack: 'api/dev' },
    });
  });

  test('what the environment says reached the program, and secrets are secret in the state', () => {
    const { outputs } = JSON.parse(workspace.stateOf('api', 'dev')).checkpoint.latest.resources[0];
    expect(outputs.seen).toEqual({ own: 'mine', size: 3, notes: 'some notes', mode: 0o600 });
    expect(outputs.key).toHaveProperty('ciphertext');
  });

  test('the secret is in no file of the workspace', () => {
    // The program's own text is where the test put it.
    expect(workspace.filesWith(SECRET)).toEqual([expect.stringMatching(/infra\/index\.js$/)]);
  });

  test('a second deployment changes nothing', async () => {
    const { code, output } = await workspace.run('nx', ['run', 'api:deploy', '-c', 'dev', '--output-style=stream']);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/api: {3}✓ 1 unchanged/);
  });

  test.each([
    [
      'an environment that is not there',
      ['--env=nope'],
      /config\/environment-not-found: infra has no environment "nope"[^]*there are: dev/,
    ],
    ['no environment', [], /config\/no-environment-selected[^]*there are: dev/],
    ['a mistyped flag', ['--evn=dev'], /'evn' is not found in schema/],
  ])('refuses %s', async (_name, args, message) => {
    const { code, output } = await workspace.run('nx', ['run', 'api:deploy', ...args]);
    // Nx answers 130 where a task that others wait for fails, and 1 where none does.
    expect([1, 130]).toContain(code);
    expect(output).toMatch(message);
  });

  test('an output that a stack lacks fails before anything is deployed, with its place', async () => {
    const text = API['api/esc/dev.yaml'];
    workspace.write({ 'api/esc/dev.yaml': text.replace('stacks.infra.cluster', 'stacks.infra.clutser') });
    const { code, output } = await workspace.run('nx', ['run', 'api:deploy', '--env=dev', '--excludeTaskDependencies']);
    workspace.write({ 'api/esc/dev.yaml': text });
    expect(code).toBe(1);
    expect(output).toMatch(
      /config\/output-missing: api\/esc\/dev\.yaml:9:\d+: stack "infra\/dev" has no output "clutser"/,
    );
    expect(output).toContain('it has: cluster, password');
    expect(output).not.toContain('▸ pulumi up');
  });

  test('a failing program and a failing command are told apart', async () => {
    // Without its frames: util.inspect of Node.js 20, which Pulumi prints it with, takes a minute over some of them.
    workspace.write({
      'api/index.js': 'throw Object.assign(new Error("broken program"), { stack: "Error: broken program" });',
    });
    const failing = [
      'run',
      'api:deploy',
      '--env=dev',
      '--excludeTaskDependencies',
      '--summaryFile=.cache/failure.json',
    ];
    const program = await workspace.run('nx', failing);
    expect(program.code).toBe(1);
    expect(program.output).toContain('broken program');
    expect(JSON.parse(workspace.read('.cache/failure.json')).failure).toMatchObject({
      class: 'deploy',
      code: 'program-failed',
    });
    workspace.write({ 'api/index.js': API['api/index.js'], 'api/after.js': 'process.exit(7);' });
    const command = await workspace.run('nx', failing);
    workspace.write({ 'api/after.js': API['api/after.js'] });
    expect(command.code).toBe(1);
    expect(JSON.parse(workspace.read('.cache/failure.json')).failure).toMatchObject({
      code: 'command-failed',
      exitCode: 7,
    });
  });

  test('a broken environment leaves the graph and its edges standing', async () => {
    workspace.write({ 'api/esc/broken.yaml': 'values:\n  a: [1\n  b: 2\n' });
    const graph = await workspace.run('nx', ['graph', '--file=.cache/graph.json']);
    const open = await workspace.run('nx', ['run', 'api:esc-open', '--env=broken']);
    workspace.write({ 'api/esc/broken.yaml': 'values: {}\n' });
    expect(graph).toMatchObject({
      code: 0,
      output: expect.stringMatching(/api\/esc\/broken\.yaml:\d+:\d+: /) as string,
    });
    const { dependencies } = JSON.parse(workspace.read('.cache/graph.json')).graph;
    expect(dependencies.api).toEqual([{ source: 'api', target: 'infra', type: 'implicit' }]);
    expect(open).toMatchObject({
      code: 1,
      output: expect.stringMatching(/config\/yaml-syntax: api\/esc\/broken\.yaml:3:4: /) as string,
    });
  });

  test('an interrupt in the middle of pulumi up leaves a state that the next deployment goes on from', async () => {
    workspace.write({
      'infra/Pulumi.dev.yaml': `${workspace.read('infra/Pulumi.dev.yaml').replace('config: {}', '')}config:\n  infra:wait: 4000\n`,
    });
    let isInterrupted = false;
    const { code } = await workspace.run(
      'nx',
      ['run', 'infra:deploy', '--env=dev', '--output-style=stream'],
      (output, child) => {
        if (isInterrupted || !output.includes('one creating')) return;
        isInterrupted = true;
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 300);
      },
    );
    expect({ isInterrupted, code }).toEqual({ isInterrupted: true, code: 130 });
    const next = await workspace.run('nx', ['run', 'infra:deploy', '--env=dev', '--output-style=stream']);
    expect(next).toMatchObject({ code: 0 });
    const { latest } = JSON.parse(workspace.stateOf('infra', 'dev')).checkpoint;
    expect(latest.pending_operations ?? []).toEqual([]);
    expect(latest.resources.filter(({ type }: { type: string }) => /dynamic/.test(type))).toHaveLength(3);
  });

  test('the command prints what is asked for and nothing else, and passes on exit codes', async () => {
    const open = await workspace.run('nx-esc', ['open', 'api/dev', '--format', 'json']);
    expect(JSON.parse(open.stdout)).toMatchObject({ size: 3, environmentVariables: { PASSWORD: SECRET } });
    const run = await workspace.run('nx-esc', ['run', 'api/dev', '--', 'sh', '-c', 'echo $PASSWORD; exit 9']);
    expect(run).toMatchObject({ code: 9, stdout: '[secret]\n' });
    const missing = await workspace.run('nx-esc', ['open', 'api/nope']);
    expect(missing).toMatchObject({ code: 10, stdout: '' });
  });

  test('destroys a stack', async () => {
    const { code, output } = await workspace.run('nx', ['run', 'api:destroy', '--env=dev', '--output-style=stream']);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(JSON.parse(workspace.stateOf('api', 'dev')).checkpoint.latest.resources ?? []).toEqual([]);
  });
});
