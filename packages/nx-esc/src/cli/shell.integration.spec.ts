import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CLI, ShellWorkspace } from '../testing/shell-workspace';

jest.setTimeout(60_000);

const workspace = new ShellWorkspace({
  'api/project.json': JSON.stringify({
    name: 'api',
    targets: {
      serve: {
        executor: 'nx-esc:run',
        continuous: true,
        options: { command: 'echo serving $PORT; exec sleep 60', watch: true },
        configurations: { dev: {} },
      },
    },
  }),
  'child.js': `
const { writeFileSync, readFileSync } = require('node:fs');
let count = 0;
process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('interrupts:', count); process.exit(7); }, 300); });
process.on('SIGTERM', () => { console.log('terminated'); process.exit(8); });
process.on('SIGWINCH', () => console.log('resized'));
console.log('pid', process.pid, 'ready', process.stdout.isTTY === true, process.stdin.isTTY === true, process.env.CLUSTER, readFileSync(process.env.NOTES, 'utf8'));
writeFileSync('notes-path', process.env.NOTES);
setInterval(() => undefined, 1000);
`,
});
afterEach(() => workspace.endCommands());
afterAll(() => workspace.remove());

/** A process that has ended may not have been reaped yet, in a container without an init. */
function isRunning(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}

describe('run', () => {
  test.each([
    ['SIGTERM', 'terminated', 8],
    ['SIGINT', 'interrupts: 1', 7],
  ] as const)('passes %s on, once, and answers the exit code', async (signal, printed, code) => {
    const { child, until, ended } = workspace.startCommand(process.execPath, [
      CLI,
      'run',
      'api/dev',
      '--',
      'node',
      'child.js',
    ]);
    await until('ready false false cluster-1 some notes');
    child.kill(signal);
    await until(printed);
    expect(await ended).toBe(code);
    expect(existsSync(workspace.read('notes-path'))).toBe(false);
  });

  test('a command that a signal ends ends with 128 and its number', () => {
    expect(workspace.nxEsc(['run', 'api/dev', '--', 'sh', '-c', 'kill -KILL $$']).code).toBe(137);
  });

  test('gives the terminal to an interactive command: Ctrl-C reaches it once, as does a new size', async () => {
    // `exec`, for Ctrl-C ends a shell that waits, too; only some shells look first at how their command took it.
    const command = `stty rows 20; exec node ${CLI} run -i api/dev -- node child.js`;
    const { child, until, ended } = workspace.startCommand('script', ['-qefc', command, '/dev/null']);
    const [, pid = ''] = /pid (\d+) ready/.exec(await until('ready true true cluster-1')) ?? [];
    spawnSync('sh', ['-c', `stty rows 40 < /proc/${pid}/fd/0`]);
    await until('resized');
    child.stdin?.write('\x03');
    await until('interrupts: 1');
    expect(await ended).toBe(7);
  });

  test('reads its input, and masks secrets in its output', () => {
    const { stdout } = workspace.nxEsc(['run', 'api/dev', '--', 'sh', '-c', 'cat; echo $PASSWORD'], {}, 'typed ');
    expect(stdout).toBe('typed [secret]\n');
  });

  test('passes on only what is asked for', () => {
    const { stdout } = workspace.nxEsc(['run', '--pristine', '--only', 'PORT', 'api/dev', '--', 'env'], {
      SOMETHING: 'else',
    });
    const names = stdout.split('\n').map((line) => line.split('=')[0]);
    expect(names).toContain('PORT');
    expect(names).toContain('PATH');
    for (const name of ['CLUSTER', 'PASSWORD', 'NOTES', 'SOMETHING', 'PULUMI_BACKEND_URL'])
      expect(names).not.toContain(name);
    const misspelt = workspace.nxEsc(['run', '--only', 'PORTS', 'api/dev', '--', 'env']);
    expect(misspelt).toMatchObject({ code: 10, stdout: '', stderr: expect.stringContaining('did you mean PORT?') });
  });
});

describe('run --watch', () => {
  const text = workspace.read('api/esc/base.yaml');
  afterEach(() => workspace.write({ 'api/esc/base.yaml': text }));

  test('starts again with what changed, keeps running with errors, and leaves nothing behind', async () => {
    const script = "trap 'exit 0' TERM; node -e 'setInterval(() => {}, 1000)' & echo port $PORT inner $!; wait";
    const { child, until, ended } = workspace.startCommand(process.execPath, [
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
    const { child, until, ended } = workspace.startCommand(process.execPath, [
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

test('a continuous target starts again with its environment', async () => {
  const nx = join(workspace.root, 'node_modules/nx/dist/bin/nx.js');
  const { child, until, ended } = workspace.startCommand(process.execPath, [nx, 'run', 'api:serve', '-c', 'dev']);
  await until('serving 8080');
  workspace.write({ 'api/esc/base.yaml': 'values:\n  port: 9191\n' });
  await until('serving 9191');
  workspace.write({ 'api/esc/base.yaml': 'values:\n  port: 8080\n' });
  child.kill('SIGINT');
  await ended;
});

describe('shell', () => {
  test('starts the shell with the environment, and ends with its exit code', () => {
    const { code, stdout } = workspace.nxEsc(
      ['shell', 'api/dev'],
      { SHELL: '/bin/sh' },
      'echo "$NX_ESC_ENVIRONMENT $PORT"; cat $NOTES; exit 3\n',
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'api/dev 8080\nsome notes' });
  });

  test.each([undefined, ''])('is /bin/sh where SHELL is %j', (SHELL) => {
    expect(workspace.nxEsc(['shell', 'api/dev'], { SHELL }, 'echo "$PORT"\n')).toMatchObject({
      code: 0,
      stdout: '8080\n',
    });
  });

  test('refuses a shell within a shell, unless it is meant', () => {
    const inside = { SHELL: '/bin/sh', NX_ESC_ENVIRONMENT: 'api/prod' };
    expect(workspace.nxEsc(['shell', 'api/dev'], inside)).toMatchObject({
      code: 10,
      stderr: expect.stringMatching(/shell-nested[^]*api\/prod/),
    });
    expect(workspace.nxEsc(['shell', '--nested', 'api/dev'], inside, 'echo $PORT\n').stdout).toBe('8080\n');
  });
});
