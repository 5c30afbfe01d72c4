import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SECRET, type ShellResult as Result, ShellWorkspace, STATE, STATE_FILE } from '../testing/shell-workspace';

jest.setTimeout(60_000);

const BUNDLE = resolve(__dirname, '../../dist/cli/start.bundle.js');
const workspace = new ShellWorkspace();
afterAll(() => workspace.remove());

describe('a personal overlay', () => {
  beforeAll(() =>
    workspace.write({
      'api/esc/dev.local.yaml':
        'values:\n  environmentVariables:\n    PORT: 1${port}\n    MINE: ${context.rootEnvironment.name}\n',
    }),
  );
  afterAll(() => rmSync(join(workspace.root, 'api/esc/dev.local.yaml')));

  test('is merged over the environment, in its own scope of names', () => {
    const { stdout, stderr } = workspace.nxEsc(['open', 'api/dev', 'environmentVariables', '--redact']);
    expect(JSON.parse(stdout)).toMatchObject({ PORT: '18080', CLUSTER: 'cluster-1', PASSWORD: '[secret]' });
    expect(stderr).toContain('api/esc/dev.local.yaml is merged over api/dev');
  });

  test('is ignored in CI with a note, and where it is not wanted', () => {
    const ci = workspace.nxEsc(['open', 'api/dev', 'environmentVariables.PORT'], { CI: 'true' });
    expect(ci).toMatchObject({ stdout: '8080\n', stderr: expect.stringContaining('is ignored: this is CI') });
    expect(workspace.nxEsc(['open', '--no-local', 'api/dev', 'environmentVariables.PORT']).stdout).toBe('8080\n');
  });

  test('is no environment, and checks do not know it', () => {
    // The secret of the environment is in plain text; alone, the overlay would refer to a port that is not there.
    const { stdout } = workspace.nxEsc(['check']);
    expect(stdout).toContain('api/esc/dev.yaml');
    expect(stdout).not.toContain('local');
    expect(workspace.nxEsc(['open', 'api/dev.local'])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('environment-not-found'),
    });
  });

  test('shows in explanations', () => {
    const { stdout } = workspace.nxEsc(['explain', 'api/dev', 'PORT']);
    expect(stdout).toContain('api/esc/dev.local.yaml:3:11  interpolation, "18080"');
    expect(stdout).toContain('overrides\n  api/esc/dev.yaml:9:11');
  });
});

describe('an environment that is kept open', () => {
  const LIFETIME = ['--lifetime', '1h'];
  const sessions = (): string[] => readdirSync(join(workspace.home, 'state', 'nx-esc', 'sessions'));
  const open = (args: readonly string[] = LIFETIME, variables: NodeJS.ProcessEnv = {}): Result =>
    workspace.nxEsc(['open', 'api/dev', '--format', 'shell', ...args], variables);

  beforeEach(() => {
    workspace.nxEsc(['cache', 'clear']);
    workspace.write({ [STATE_FILE]: STATE, 'api/esc/base.yaml': 'values:\n  port: 8080\n' });
    expect(open()).toMatchObject({ code: 0, stderr: '' });
  });

  /** With the state gone, only what was kept can answer. */
  const goOffline = (): void => rmSync(join(workspace.root, STATE_FILE));

  test('answers without what it was made from, in every format, and for run and shell', () => {
    const { stdout } = open([]);
    goOffline();
    expect(open().stdout.replace(/NOTES=.*/, '')).toBe(stdout.replace(/NOTES=.*/, ''));
    expect(workspace.nxEsc(['open', 'api/dev', 'environmentVariables.PASSWORD', ...LIFETIME, '--redact']).stdout).toBe(
      '"[secret]"\n',
    );
    expect(workspace.nxEsc(['open', 'api/dev', '-f', 'variables', ...LIFETIME]).stdout).toContain(
      '"CLUSTER": "cluster-1"',
    );
    expect(workspace.nxEsc(['run', ...LIFETIME, 'api/dev', '--', 'sh', '-c', 'echo $CLUSTER $PASSWORD']).stdout).toBe(
      'cluster-1 [secret]\n',
    );
    expect(workspace.nxEsc(['shell', ...LIFETIME, 'api/dev'], { SHELL: '/bin/sh' }, 'echo $CLUSTER\n').stdout).toBe(
      'cluster-1\n',
    );
    // What asks for nothing to be kept, or for it to be opened again, needs it.
    expect(open([]).code).toBe(10);
    expect(open([...LIFETIME, '--refresh']).code).toBe(10);
  });

  test('is answered alike by the one file that prompts start, which leaves the rest to the command', () => {
    const bundle = (...args: string[]): string =>
      spawnSync(process.execPath, [BUNDLE, 'open', 'api/dev', ...args], {
        cwd: workspace.root,
        env: workspace.env,
        encoding: 'utf8',
      }).stdout;
    expect(bundle('--format', 'json')).toContain('"CLUSTER": "cluster-1"');
    goOffline();
    expect(bundle('--format', 'shell', ...LIFETIME)).toBe(open().stdout);
    expect(bundle('--format', 'shell', ...LIFETIME)).toContain("export CLUSTER='cluster-1'");
    expect(bundle('--format', 'json')).toBe('');
  });

  test('is written down as kept when it is taken', () => {
    open();
    workspace.nxEsc(['run', ...LIFETIME, 'api/dev', '--', 'true']);
    const { stdout } = workspace.nxEsc(['audit', '--format', 'json']);
    const records = (JSON.parse(stdout) as { kept?: true }[]).slice(-3);
    expect(records.map(({ kept = false }) => kept)).toEqual([false, true, true]);
    expect(records[1]).toMatchObject({ ...records[0], time: expect.any(String), milliseconds: 0 });
    expect(stdout).not.toContain(SECRET);
  });

  test('is where only its user can read it, encrypted', () => {
    const files = readdirSync(workspace.home, { recursive: true, withFileTypes: true }).map((entry) =>
      join(entry.parentPath, entry.name),
    );
    expect(
      files.filter(
        (file) =>
          (statSync(file).mode & 0o077) !== 0 && file !== workspace.home && file !== join(workspace.home, 'state'),
      ),
    ).toEqual([]);
    const holding = files.filter((file) => statSync(file).isFile() && readFileSync(file).includes(SECRET));
    expect(holding).toEqual([]);
    expect(
      readFileSync(join(workspace.home, 'state', 'nx-esc', 'sessions', sessions()[0] as string)).includes('api/dev'),
    ).toBe(false);
  });

  test.each([
    ['an import', () => workspace.write({ 'api/esc/base.yaml': 'values: { port: 1 }\n' })],
    ['the options', () => workspace.write({ 'nx.json': `${workspace.read('nx.json')} ` })],
    ['an overlay that comes to be', () => workspace.write({ 'api/esc/dev.local.yaml': 'values: {}\n' })],
    ['a key', () => writeFileSync(join(workspace.home, 'run', 'nx-esc', 'key'), Buffer.alloc(32), { mode: 0o600 })],
    [
      'the session itself',
      () => {
        const file = join(workspace.home, 'state', 'nx-esc', 'sessions', sessions()[0] as string);
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
    workspace.write({ [STATE_FILE]: STATE });
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
    const { stdout } = workspace.nxEsc(['cache', 'ls', '--json']);
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ ref: 'api/dev', workspaceRoot: workspace.root })]);
    expect(stdout).not.toContain(SECRET);
    expect(workspace.nxEsc(['cache', 'clear']).stdout).toBe('1 removed\n');
    expect(workspace.nxEsc(['cache', 'ls']).stdout).toBe('no session is kept\n');
    expect(existsSync(join(workspace.home, 'run', 'nx-esc', 'key'))).toBe(false);
  });
});
