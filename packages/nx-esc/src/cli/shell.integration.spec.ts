import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(60_000);

const CLI = resolve(__dirname, '../../dist/cli/start.js');
const SECRET = 'correct-horse-battery';
const STATE = {
  version: 3,
  checkpoint: {
    stack: 'organization/infra/dev',
    latest: {
      resources: [{ urn: 'urn', type: 'pulumi:pulumi:Stack', outputs: { cluster: 'cluster-1' } }],
    },
  },
};
const workspace = new TestWorkspace({
  '.state/.pulumi/meta.yaml': 'version: 1\n',
  '.state/.pulumi/stacks/infra/dev.json': JSON.stringify(STATE),
  'infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\n',
  'infra/package.json': '{"name":"infra"}',
  'infra/index.js': "exports.cluster = 'cluster-1';\n",
  'api/project.json': '{"name":"api"}',
  'api/esc/base.yaml': 'values:\n  port: 8080\n',
  'api/esc/dev.yaml': `imports: [api/base]
values:
  stacks:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/dev }
  environmentVariables:
    CLUSTER: \${stacks.infra.cluster}
    PORT: \${port}
    PASSWORD: { fn::secret: ${SECRET} }
  files:
    NOTES: "some notes"
`,
  'child.js': `
const { writeFileSync, readFileSync } = require('node:fs');
let count = 0;
process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('interrupts:', count); process.exit(7); }, 300); });
process.on('SIGTERM', () => { console.log('terminated'); process.exit(8); });
process.on('SIGWINCH', () => console.log('resized'));
console.log('ready', process.stdout.isTTY === true, process.stdin.isTTY === true, process.env.CLUSTER, readFileSync(process.env.NOTES, 'utf8'));
writeFileSync('notes-path', process.env.NOTES);
setInterval(() => undefined, 1000);
`,
});
const home = mkdtempSync(join(tmpdir(), 'nx-esc-home-'));
const env: NodeJS.ProcessEnv = {
  ...workspace.env,
  CI: undefined,
  GITHUB_ACTIONS: undefined,
  NX_ESC_ENVIRONMENT: undefined,
  XDG_STATE_HOME: join(home, 'state'),
  XDG_RUNTIME_DIR: join(home, 'run'),
};
mkdirSync(join(home, 'run'), { mode: 0o700 });
afterAll(() => {
  workspace.remove();
  rmSync(home, { recursive: true, force: true });
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function nxEsc(args: readonly string[], variables: NodeJS.ProcessEnv = {}, input = ''): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: workspace.root,
    env: { ...env, ...variables },
    input,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Starts a command; `until` waits for what it prints. */
function start(
  command: string,
  args: readonly string[],
): { child: ChildProcess; until(text: string): Promise<string>; ended: Promise<number> } {
  const child = spawn(command, args, { cwd: workspace.root, env });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
  return {
    child,
    ended,
    async until(text) {
      for (let waited = 0; !output.includes(text); waited += 20) {
        if (waited > 10_000) throw new Error(`${JSON.stringify(text)} was not printed:\n${output}`);
        await delay(20);
      }
      return output;
    },
  };
}

describe('run', () => {
  test.each([
    ['SIGTERM', 'terminated', 8],
    ['SIGINT', 'interrupts: 1', 7],
  ] as const)('passes %s on, once, and answers the exit code', async (signal, printed, code) => {
    const { child, until, ended } = start(process.execPath, [CLI, 'run', 'api/dev', '--', 'node', 'child.js']);
    await until('ready false false cluster-1 some notes');
    child.kill(signal);
    await until(printed);
    expect(await ended).toBe(code);
    expect(existsSync(workspace.read('notes-path'))).toBe(false);
  });

  test('a command that a signal ends ends with 128 and its number', () => {
    expect(nxEsc(['run', 'api/dev', '--', 'sh', '-c', 'kill -KILL $$']).code).toBe(137);
  });

  test('gives the terminal to an interactive command: Ctrl-C reaches it once, as does a new size', async () => {
    const command = `stty rows 20; node ${CLI} run -i api/dev -- node child.js; echo code $?`;
    const { child, until, ended } = start('script', ['-qfc', command, '/dev/null']);
    await until('ready true true cluster-1');
    const pid = spawnSync('pgrep', ['-f', 'node child.js'], { encoding: 'utf8' }).stdout.trim().split('\n').at(-1);
    spawnSync('sh', ['-c', `stty rows 40 < /proc/${pid}/fd/0`]);
    await until('resized');
    child.stdin?.write('\x03');
    expect(await until('code 7')).toContain('interrupts: 1');
    await ended;
  });

  test('reads its input, and masks secrets in its output', () => {
    const { stdout } = nxEsc(['run', 'api/dev', '--', 'sh', '-c', 'cat; echo $PASSWORD'], {}, 'typed ');
    expect(stdout).toBe('typed [secret]\n');
  });

  test('passes on only what is asked for', () => {
    const { stdout } = nxEsc(['run', '--pristine', '--only', 'PORT', 'api/dev', '--', 'env'], { SOMETHING: 'else' });
    const names = stdout.split('\n').map((line) => line.split('=')[0]);
    expect(names).toContain('PORT');
    expect(names).toContain('PATH');
    for (const name of ['CLUSTER', 'PASSWORD', 'NOTES', 'SOMETHING', 'PULUMI_BACKEND_URL'])
      expect(names).not.toContain(name);
    const misspelt = nxEsc(['run', '--only', 'PORTS', 'api/dev', '--', 'env']);
    expect(misspelt).toMatchObject({ code: 10, stdout: '', stderr: expect.stringContaining('did you mean PORT?') });
  });
});

/** A process that has ended may not have been reaped yet, in a container without an init. */
function isRunning(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}

describe('run --watch', () => {
  const text = workspace.read('api/esc/base.yaml');
  afterEach(() => workspace.write({ 'api/esc/base.yaml': text }));

  test('starts again with what changed, keeps running with errors, and leaves nothing behind', async () => {
    const script = "trap 'exit 0' TERM; node -e 'setInterval(() => {}, 1000)' & echo port $PORT inner $!; wait";
    const { child, until, ended } = start(process.execPath, [
      CLI,
      'run',
      '--watch',
      'api/dev',
      '--',
      'sh',
      '-c',
      script,
    ]);
    await until('port 8080');
    workspace.write({ 'api/esc/base.yaml': 'values:\n  port: 9090\n' });
    await until('port 9090');
    workspace.write({ 'api/esc/base.yaml': 'values:\n  port: ${nope}\n' });
    await until('the command goes on with the environment as it was');
    workspace.write({ 'api/esc/dev.local.yaml': 'values: { environmentVariables: { PORT: 7070 } }\n' });
    workspace.write({ 'api/esc/base.yaml': text });
    const output = await until('port 7070');
    rmSync(join(workspace.root, 'api/esc/dev.local.yaml'));
    child.kill('SIGTERM');
    await ended;
    const inner = [...output.matchAll(/inner (\d+)/g)].map(([, pid]) => pid);
    expect(inner.length).toBeGreaterThanOrEqual(3);
    expect(inner.filter((pid) => isRunning(pid as string))).toEqual([]);
  });

  test('a comment starts nothing again', async () => {
    const { child, until, ended } = start(process.execPath, [
      CLI,
      'run',
      '-w',
      'api/dev',
      '--',
      'sh',
      '-c',
      'echo started $PORT; exec sleep 60',
    ]);
    await until('started 8080');
    workspace.write({ 'api/esc/base.yaml': `# why\n${text}` });
    await delay(700);
    workspace.write({ 'api/esc/base.yaml': 'values:\n  port: 1\n' });
    const output = await until('started 1');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(output.match(/started/g)).toHaveLength(2);
  });
});

describe('shell', () => {
  test('starts the shell with the environment, and ends with its exit code', () => {
    const { code, stdout } = nxEsc(
      ['shell', 'api/dev'],
      { SHELL: '/bin/sh' },
      'echo "$NX_ESC_ENVIRONMENT $PORT"; cat $NOTES; exit 3\n',
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'api/dev 8080\nsome notes' });
  });

  test('refuses a shell within a shell, unless it is meant', () => {
    const inside = { SHELL: '/bin/sh', NX_ESC_ENVIRONMENT: 'api/prod' };
    expect(nxEsc(['shell', 'api/dev'], inside)).toMatchObject({
      code: 10,
      stderr: expect.stringMatching(/shell-nested[^]*api\/prod/),
    });
    expect(nxEsc(['shell', '--nested', 'api/dev'], inside, 'echo $PORT\n').stdout).toBe('8080\n');
  });
});

describe('a personal overlay', () => {
  beforeAll(() =>
    workspace.write({
      'api/esc/dev.local.yaml':
        'values:\n  environmentVariables:\n    PORT: 1${port}\n    MINE: ${context.rootEnvironment.name}\n',
    }),
  );
  afterAll(() => rmSync(join(workspace.root, 'api/esc/dev.local.yaml')));

  test('is merged over the environment, in its own scope of names', () => {
    const { stdout, stderr } = nxEsc(['open', 'api/dev', 'environmentVariables', '--redact']);
    expect(JSON.parse(stdout)).toMatchObject({ PORT: '18080', CLUSTER: 'cluster-1', PASSWORD: '[secret]' });
    expect(stderr).toContain('api/esc/dev.local.yaml is merged over api/dev');
  });

  test('is ignored in CI with a note, and where it is not wanted', () => {
    const ci = nxEsc(['open', 'api/dev', 'environmentVariables.PORT'], { CI: 'true' });
    expect(ci).toMatchObject({ stdout: '8080\n', stderr: expect.stringContaining('is ignored: this is CI') });
    expect(nxEsc(['open', '--no-local', 'api/dev', 'environmentVariables.PORT']).stdout).toBe('8080\n');
  });

  test('is no environment, and checks do not know it', () => {
    const { stderr } = nxEsc(['check']);
    expect(stderr).toContain('api/dev');
    expect(stderr).not.toContain('local');
    expect(nxEsc(['open', 'api/dev.local'])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('environment-not-found'),
    });
  });

  test('shows in explanations', () => {
    const { stdout } = nxEsc(['explain', 'api/dev', 'PORT']);
    expect(stdout).toContain('api/esc/dev.local.yaml:3:11  interpolation, "18080"');
    expect(stdout).toContain('overrides\n  api/esc/dev.yaml:9:11');
  });
});

describe('an environment that is kept open', () => {
  const LIFETIME = ['--lifetime', '1h'];
  const stateFile = '.state/.pulumi/stacks/infra/dev.json';
  const sessions = (): string[] => readdirSync(join(home, 'state', 'nx-esc', 'sessions'));
  const open = (args: readonly string[] = LIFETIME, variables: NodeJS.ProcessEnv = {}): Result =>
    nxEsc(['open', 'api/dev', '--format', 'shell', ...args], variables);

  beforeEach(() => {
    nxEsc(['cache', 'clear']);
    workspace.write({ [stateFile]: JSON.stringify(STATE), 'api/esc/base.yaml': 'values:\n  port: 8080\n' });
    expect(open()).toMatchObject({ code: 0, stderr: '' });
  });

  /** With the state gone, only what was kept can answer. */
  const goOffline = (): void => rmSync(join(workspace.root, stateFile));

  test('answers without what it was made from, in every format, and for run and shell', () => {
    const { stdout } = open([]);
    goOffline();
    expect(open().stdout.replace(/NOTES=.*/, '')).toBe(stdout.replace(/NOTES=.*/, ''));
    expect(nxEsc(['open', 'api/dev', 'environmentVariables.PASSWORD', ...LIFETIME, '--redact']).stdout).toBe(
      '"[secret]"\n',
    );
    expect(nxEsc(['open', 'api/dev', '-f', 'variables', ...LIFETIME]).stdout).toContain('"CLUSTER": "cluster-1"');
    expect(nxEsc(['run', ...LIFETIME, 'api/dev', '--', 'sh', '-c', 'echo $CLUSTER $PASSWORD']).stdout).toBe(
      'cluster-1 [secret]\n',
    );
    expect(nxEsc(['shell', ...LIFETIME, 'api/dev'], { SHELL: '/bin/sh' }, 'echo $CLUSTER\n').stdout).toBe(
      'cluster-1\n',
    );
    // What asks for nothing to be kept, or for it to be opened again, needs it.
    expect(open([]).code).toBe(10);
    expect(open([...LIFETIME, '--refresh']).code).toBe(10);
  });

  test('is where only its user can read it, encrypted', () => {
    const files = readdirSync(home, { recursive: true, withFileTypes: true }).map((entry) =>
      join(entry.parentPath, entry.name),
    );
    expect(
      files.filter((file) => (statSync(file).mode & 0o077) !== 0 && file !== home && file !== join(home, 'state')),
    ).toEqual([]);
    const holding = files.filter((file) => statSync(file).isFile() && readFileSync(file).includes(SECRET));
    expect(holding).toEqual([]);
    expect(readFileSync(join(home, 'state', 'nx-esc', 'sessions', sessions()[0] as string)).includes('api/dev')).toBe(
      false,
    );
  });

  test.each([
    ['an import', () => workspace.write({ 'api/esc/base.yaml': 'values: { port: 1 }\n' })],
    ['the options', () => workspace.write({ 'nx.json': `${workspace.read('nx.json')} ` })],
    ['an overlay that comes to be', () => workspace.write({ 'api/esc/dev.local.yaml': 'values: {}\n' })],
    ['a key', () => writeFileSync(join(home, 'run', 'nx-esc', 'key'), Buffer.alloc(32), { mode: 0o600 })],
    [
      'the session itself',
      () => {
        const file = join(home, 'state', 'nx-esc', 'sessions', sessions()[0] as string);
        const bytes = readFileSync(file);
        bytes[40] = (bytes[40] as number) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
  ])('is not taken when %s changes', (_name, change) => {
    change();
    goOffline();
    expect(open()).toMatchObject({ code: 10, stdout: '' });
    rmSync(join(workspace.root, 'api/esc/dev.local.yaml'), { force: true });
  });

  test('is not taken by another identity, in CI, or when its time is over', () => {
    goOffline();
    expect(open(LIFETIME, { AWS_PROFILE: 'other' }).code).toBe(10);
    expect(open(LIFETIME, { CI: 'true' }).code).toBe(10);
    workspace.write({ [stateFile]: JSON.stringify(STATE) });
    open(['--lifetime', '1s', '--refresh']);
    goOffline();
    spawnSync('sleep', ['1.1']);
    expect(open().code).toBe(10);
  });

  test('lifetime comes from nx.json too', () => {
    const nxJson = workspace.read('nx.json');
    workspace.write({
      'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options: { cache: { lifetime: '2h' } } }] }),
    });
    expect(open([]).code).toBe(0);
    goOffline();
    expect(open([]).code).toBe(0);
    workspace.write({ 'nx.json': nxJson });
  });

  test('is listed without what is in it, and cleared', () => {
    const { stdout } = nxEsc(['cache', 'ls', '--json']);
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ ref: 'api/dev', workspaceRoot: workspace.root })]);
    expect(stdout).not.toContain(SECRET);
    expect(nxEsc(['cache', 'clear']).stdout).toBe('1 removed\n');
    expect(nxEsc(['cache', 'ls']).stdout).toBe('no session is kept\n');
    expect(existsSync(join(home, 'run', 'nx-esc', 'key'))).toBe(false);
  });
});

describe('explain, diff and matrix', () => {
  test('name what a value is made of, with its places', () => {
    const { stdout } = nxEsc(['explain', 'api/dev', 'CLUSTER', 'port']);
    expect(stdout).toBe(`environmentVariables.CLUSTER of api/dev

api/esc/dev.yaml:8:14
└─ \${stacks.infra.cluster}  api/esc/dev.yaml:4:5  fn::open::pulumi-stacks, its infra.cluster
      output cluster of infra/dev
      exported at infra/index.js:1:1

port of api/dev

api/esc/base.yaml:2:9  8080
   imported as api/base at api/esc/dev.yaml:1:11
`);
    expect(nxEsc(['explain', 'api/dev', 'PASSWORD']).stdout).not.toContain(SECRET);
    expect(nxEsc(['explain', '--open', 'api/dev', 'CLUSTER']).stdout).toContain('"cluster-1"');
    expect(nxEsc(['explain', '--reveal', 'api/dev', 'PASSWORD'], { CI: '1' })).toMatchObject({ code: 10, stdout: '' });
    expect(nxEsc(['explain', 'api/dev', 'CLUSER']).stderr).toContain('did you mean CLUSTER?');
  });

  test('compare with an older revision', () => {
    const git = (...args: string[]): void => {
      const identity = {
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@b',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@b',
      };
      expect(spawnSync('git', args, { cwd: workspace.root, env: { ...env, ...identity } }).status).toBe(0);
    };
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'first');
    expect(nxEsc(['diff', 'api/dev', '--base', 'main', '--exit-code'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no difference'),
    });
    workspace.write({
      'api/esc/base.yaml': 'values:\n  port: 9090\n',
      'api/esc/prod.yaml': 'imports: [api/dev]\nvalues: { port: 1 }\n',
    });
    const { code, stdout } = nxEsc(['diff', 'api/dev', '--base', 'main', '--exit-code', '-f', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).differences).toEqual(
      ['environmentVariables.PORT', 'port'].map((key) => ({
        key,
        change: 'changed',
        before: { kind: 'value', text: '8080' },
        after: { kind: 'value', text: '9090' },
      })),
    );
    expect(nxEsc(['diff', 'api/dev@{main}', 'api/prod']).stdout).toContain('~ port                       8080 → 1');
    expect(nxEsc(['diff', 'api/prod', '--base', 'main']).stdout).toContain('+ port');
    expect(nxEsc(['matrix', 'api', 'dev', 'prod']).stdout).toMatch(/= {2}environmentVariables\.PORT +9090 +9090/);
  });
});
