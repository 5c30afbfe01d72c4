import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestWorkspace } from '../../testing/test-workspace';

/** The generated files, run by the real mise. */
const PROVISION = resolve(__dirname, '../../../../../tools/checkers/provision.mjs');
const HOSTILE = `$(touch pwned)\`touch pwned\`' "; touch pwned`;
const GOOD = `values:
  environmentVariables:
    URL: ${JSON.stringify(HOSTILE)}
    TOKEN:
      fn::secret: hunter2-of-mise
`;

jest.setTimeout(300_000);

const workspace = new TestWorkspace({
  'api/package.json': '{"name":"api"}',
  'api/esc/base.yaml': 'values: {}\n',
  'api/esc/dev.yaml': GOOD,
});
const folder = join(workspace.root, 'api');
const PRINT = 'process.stdout.write(JSON.stringify([process.env.URL, process.env.TOKEN]))';
let command: string;

beforeAll(async () => {
  command = join(execFileSync(process.execPath, [PROVISION], { encoding: 'utf8' }).trim(), 'mise');
  const { code, output } = await workspace.run('nx', ['g', 'nx-esc:direnv', 'api', '--variant=mise']);
  if (code !== 0) throw new Error(output);
  expect(output).toContain('mise trust api/mise.toml');
  expect(mise('trust', 'mise.toml')).toMatchObject({ status: 0 });
});
beforeEach(() => workspace.write({ 'api/esc/dev.yaml': GOOD }));
afterAll(() => workspace.remove());

function mise(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const home = join(workspace.root, '.cache/mise');
  const folders = {
    HOME: home,
    MISE_DATA_DIR: home,
    MISE_CACHE_DIR: home,
    MISE_STATE_DIR: home,
    MISE_CONFIG_DIR: home,
  };
  return spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...workspace.env, ...folders, CI: undefined, MISE_OFFLINE: '1' },
  });
}

test('a command gets the variables, and nothing in a value is run', () => {
  const { status, stdout, stderr } = mise('exec', '--', process.execPath, '-e', PRINT);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual([HOSTILE, 'hunter2-of-mise']);
  expect(workspace.filesWith('hunter2-of-mise')).toEqual([join(folder, 'esc/dev.yaml')]);
  expect([workspace.root, folder].some((each) => existsSync(join(each, 'pwned')))).toBe(false);
});

test('an environment that cannot be opened gives no variables, and says why', () => {
  workspace.write({ 'api/esc/dev.yaml': GOOD.replace('values:', 'values:\n  broken: ${nope}') });
  const { status, stdout, stderr } = mise('exec', '--', process.execPath, '-e', PRINT);
  expect(status).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain('api/esc/dev.yaml:2:');
  expect(stderr).toContain('nx-esc: api/dev is not loaded, for the reason above');
  expect(stderr).not.toContain('hunter2-of-mise');
});

test('a name that the environment has no more is told by name', () => {
  workspace.write({ 'api/esc/dev.yaml': 'values:\n  environmentVariables:\n    URL: u\n' });
  const { status, stderr } = mise('env', '--json');
  expect(status).not.toBe(0);
  expect(stderr).toContain('TOKEN: is not set by api/dev');
});
