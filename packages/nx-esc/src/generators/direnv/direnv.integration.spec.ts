import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestWorkspace } from '../../testing/test-workspace';

/** The generated files, run by the real direnv. */
const REPOSITORY = resolve(__dirname, '../../../../..');
const HOSTILE = `$(touch pwned)\`touch pwned\`' "; touch pwned`;
const GOOD = `values:
  environmentVariables:
    URL: ${JSON.stringify(HOSTILE)}
    TOKEN:
      fn::secret: hunter2-of-direnv
`;
const BROKEN = GOOD.replace('values:', 'values:\n  broken: ${nope}');

jest.setTimeout(300_000);

const workspace = new TestWorkspace({
  'api/package.json': '{"name":"api"}',
  'api/esc/base.yaml': 'values: {}\n',
  'api/esc/dev.yaml': GOOD,
});
const folder = join(workspace.root, 'api');

beforeAll(async () => {
  execFileSync(process.execPath, [join(REPOSITORY, 'tools/checkers/provision.mjs')]);
  const { code, output } = await workspace.run('nx', ['g', 'nx-esc:direnv', 'api', '--no-interactive']);
  if (code !== 0) throw new Error(output);
  expect(output).toContain('direnv allow api');
  direnv(['allow', folder]);
});
beforeEach(() => workspace.write({ 'api/esc/dev.yaml': GOOD }));
afterAll(() => workspace.remove());

function direnv(args: readonly string[], env: NodeJS.ProcessEnv = {}): ReturnType<typeof spawnSync> & Result {
  const home = { HOME: workspace.root, XDG_DATA_HOME: join(workspace.root, '.cache/direnv') };
  return spawnSync('direnv', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...workspace.env, ...home, ...env },
  }) as ReturnType<typeof direnv>;
}
interface Result {
  readonly stdout: string;
  readonly stderr: string;
}

/** What a shell's hook would change: a text sets a variable, null takes it away. */
function changes(env: NodeJS.ProcessEnv = {}): Result & { status: number | null; set: Record<string, string | null> } {
  const { status, stdout, stderr } = direnv(['export', 'json'], env);
  return { status, stdout, stderr, set: stdout === '' ? {} : (JSON.parse(stdout) as Record<string, string | null>) };
}

const applied = (set: Record<string, string | null>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [name, value ?? undefined]));

test('a command gets the variables, and nothing in a value is run', () => {
  const script = 'process.stdout.write(JSON.stringify([process.env.URL, process.env.TOKEN]))';
  const { status, stdout, stderr } = direnv(['exec', folder, process.execPath, '-e', script]);
  expect(stderr).not.toContain('error');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual([HOSTILE, 'hunter2-of-direnv']);
  expect(stderr).not.toContain('hunter2-of-direnv');
  expect(workspace.filesWith('hunter2-of-direnv')).toEqual([join(folder, 'esc/dev.yaml')]);
  expect([workspace.root, folder].some((each) => existsSync(join(each, 'pwned')))).toBe(false);
});

test('an environment that cannot be opened unloads what was loaded, and says why', () => {
  const before = changes();
  expect(before.set.TOKEN).toBe('hunter2-of-direnv');
  workspace.write({ 'api/esc/dev.yaml': BROKEN });
  const after = changes(applied(before.set));
  expect(after.status).not.toBe(0);
  expect(after.set).toMatchObject({ TOKEN: null, URL: null });
  expect(after.stderr).toContain('api/esc/dev.yaml:2:');
  expect(after.stderr).toContain(
    'nx-esc: api/dev is not loaded, for the reason above; once it is mended: direnv reload',
  );
  expect(after.stderr).not.toContain('hunter2-of-direnv');

  workspace.write({ 'api/esc/dev.yaml': GOOD });
  const env = { ...applied(before.set), ...applied(after.set) };
  expect(direnv(['reload'], env).status).toBe(0);
  // It sees changes of whole seconds.
  utimesSync(join(folder, '.envrc'), new Date(), new Date(Date.now() + 5000));
  expect(changes(env).set.TOKEN).toBe('hunter2-of-direnv');
});

test('a name that the environment has no more is told by name', () => {
  workspace.write({ 'api/esc/dev.yaml': 'values:\n  environmentVariables:\n    URL: u\n' });
  const { status, set, stderr } = changes();
  expect(status).not.toBe(0);
  expect(stderr).toContain('TOKEN: is not set by api/dev');
  expect(set).not.toHaveProperty('URL');
});

test('the files of the environment are watched, and an import that comes in is listed by nx sync', async () => {
  workspace.write({ 'api/esc/dev.yaml': `imports: [api/base]\n${GOOD}` });
  expect(await workspace.run('nx', ['sync:check'])).toMatchObject({ code: 1 });
  expect(await workspace.run('nx', ['sync'])).toMatchObject({ code: 0 });
  expect(workspace.read('api/.envrc')).toContain('\nwatch_file esc/base.yaml\nwatch_file esc/dev.yaml\n');
});

test('without the packages of the workspace it says what to do', () => {
  const elsewhere = new TestWorkspace({
    'api/.envrc': workspace.read('api/.envrc'),
    'tools/nx-esc/load-environment.sh': workspace.read('tools/nx-esc/load-environment.sh'),
  });
  try {
    execFileSync('rm', [join(elsewhere.root, 'node_modules')]);
    const api = join(elsewhere.root, 'api');
    direnv(['allow', api]);
    const { status, stderr } = direnv(['exec', api, 'true']);
    expect(status).not.toBe(0);
    expect(stderr).toContain('nx-esc: api/dev is not loaded: install the packages of the workspace');
  } finally {
    elsewhere.remove();
  }
});
