import { spawnSync } from 'node:child_process';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(120_000);

const SECRET = 'tr0ub4dor-and-three-more-words';
const FILES = {
  'nx.json': JSON.stringify({
    plugins: [{ plugin: 'nx-esc/plugin', options: { check: { rules: { 'redundant-override': 'warning' } } } }],
    analytics: false,
  }),
  'apps/infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\n',
  'apps/infra/Pulumi.dev.yaml': '',
  'apps/infra/index.ts': "export const url = 'x';\n",
  'apps/api/package.json': '{ "name": "api" }',
  'apps/api/Pulumi.yaml': 'name: api\nruntime: nodejs\n',
  'apps/api/Pulumi.dev.yaml': '',
  'apps/api/esc/base.yaml': 'values:\n  port: 1\n',
  'apps/api/esc/dev.yaml': [
    '# Stays.',
    'imports:',
    '  - base # so does this',
    'values:',
    '  port: 1',
    '  infra:',
    '    fn::open::pulumi-stacks:',
    '      stacks: { infra: { stack: infra/dev } }',
    '  url: ${infra.infra.url}',
    'environmentVariables:',
    '  URL: ${url}',
    '',
  ].join('\n'),
};

let workspace: TestWorkspace;
beforeAll(() => {
  workspace = new TestWorkspace(FILES);
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 't'],
  ])
    git(...args);
});
afterAll(() => workspace.remove());
beforeEach(() => workspace.write(FILES));

function git(...args: string[]): void {
  expect(spawnSync('git', args, { cwd: workspace.root }).status).toBe(0);
}

describe('nx-esc check', () => {
  test('fails with the exit code of its class, and names every place', async () => {
    const { code, stdout } = await workspace.run('nx-esc', ['check']);
    expect(code).toBe(10);
    expect(stdout).toContain('apps/api/esc/dev.yaml:3:5 warning unqualified-import:');
    expect(stdout).toContain('apps/api/esc/dev.yaml:5:3 warning redundant-override:');
    expect(stdout).toContain('apps/api/esc/dev.yaml:10:1 error misplaced-key:');
  });

  test('checks the environments, projects and files that are named', async () => {
    const found = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await workspace.run('nx-esc', ['check', ...args, '--format', 'json']);
      return (JSON.parse(stdout) as { problems: { code: string }[] }).problems.map(({ code }) => code);
    };
    expect(await found('api/base')).toEqual([]);
    expect(await found('infra')).toEqual([]);
    expect(await found('api/dev')).toContain('misplaced-key');
    expect(await found('apps/api/esc/dev.yaml', '--severity', 'misplaced-key=off')).not.toContain('misplaced-key');
  });

  test.each([
    [['api/nope'], 'did you mean "api/base"?'],
    [['--severity', 'unknown-stak=off'], 'did you mean "unknown-stack"?'],
    [['--severity', 'unknown-stack=fatal'], 'there are: error, warning, info, off'],
    [['--format', 'xml'], 'formats: text, json, sarif, github'],
    [['--max-warnings', 'x'], 'it is a number'],
    [['--staged', '--fix'], 'stage again'],
  ])('refuses %j', async (args, hint) => {
    const { code, output } = await workspace.run('nx-esc', ['check', ...args]);
    expect(output).toContain(hint);
    expect(code).toBe(10);
  });

  test('--max-warnings makes warnings count', async () => {
    const off = ['--severity', 'misplaced-key=off'];
    expect((await workspace.run('nx-esc', ['check', ...off])).code).toBe(0);
    expect((await workspace.run('nx-esc', ['check', ...off, '--max-warnings', '1'])).code).toBe(10);
  });

  test('--fix keeps comments, says what it did, and has nothing to do the next time', async () => {
    const first = await workspace.run('nx-esc', ['check', '--fix']);
    expect(first.stdout).toContain('fixed apps/api/esc/dev.yaml:3:5 unqualified-import: write api/base');
    expect(first.stdout).toContain('fixed apps/api/esc/dev.yaml:10:1 misplaced-key:');
    const fixed = workspace.read('apps/api/esc/dev.yaml');
    expect(fixed).toBe(
      FILES['apps/api/esc/dev.yaml']
        .replace('- base #', '- api/base #')
        .replace('environmentVariables:\n  URL', '  environmentVariables:\n    URL'),
    );
    const second = await workspace.run('nx-esc', ['check', '--fix']);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.stdout).not.toContain('fixed');
    expect(workspace.read('apps/api/esc/dev.yaml')).toBe(fixed);
  });

  test('--staged looks at what is staged, whatever the file has become since', async () => {
    workspace.write({ 'apps/api/esc/base.yaml': `values:\n  port: 1\n  password:\n    fn::secret: ${SECRET}\n` });
    git('add', 'apps/api/esc/base.yaml');
    workspace.write(FILES);
    const staged = await workspace.run('nx-esc', ['check', '--staged']);
    expect(staged.output).toContain('apps/api/esc/base.yaml:4:17 error plaintext-secret');
    expect(staged.output).not.toContain(SECRET);
    expect(staged.code).toBe(10);
    git('add', '.');
    expect((await workspace.run('nx-esc', ['check', '--staged'])).code).toBe(0);
    expect((await workspace.run('nx-esc', ['check', 'api/base'])).code).toBe(0);
  });
});

describe('nx run api:esc-check', () => {
  test('fails where there are errors, is cached where there are none, and sees what it rests on', async () => {
    const task = ['run', 'api:esc-check'];
    workspace.variables = { GITHUB_ACTIONS: 'true' };
    const failed = await workspace.run('nx', task);
    workspace.variables = {};
    expect(failed.output).toContain('::error file=apps/api/esc/dev.yaml,line=10,col=1,endLine=10,endColumn=21,');
    expect(failed.output).toContain('apps/api/esc/dev.yaml:10:1 error misplaced-key:');
    expect(failed.code).not.toBe(0);
    await workspace.run('nx-esc', ['check', '--fix']);
    expect((await workspace.run('nx', task)).code).toBe(0);
    expect((await workspace.run('nx', task)).output).toMatch(/cache/);
    workspace.write({ 'apps/infra/index.ts': "export const address = 'x';\n" });
    const stale = await workspace.run('nx', task);
    expect(stale.output).toContain('stack "infra/dev" has no output "url"');
    expect(stale.code).not.toBe(0);
  });
});
