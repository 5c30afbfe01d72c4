import { spawnSync } from 'node:child_process';
import { SECRET, ShellWorkspace } from '../testing/shell-workspace';

jest.setTimeout(60_000);

const workspace = new ShellWorkspace();
afterAll(() => workspace.remove());

describe('explain, diff and matrix', () => {
  test('name what a value is made of, with its places', () => {
    const { stdout } = workspace.nxEsc(['explain', 'api/dev', 'CLUSTER', 'port']);
    expect(stdout).toBe(`environmentVariables.CLUSTER of api/dev

api/esc/dev.yaml:8:14
└─ \${stacks.infra.cluster}  api/esc/dev.yaml:4:5  fn::open::pulumi-stacks, its infra.cluster
      output cluster of infra/dev
      exported at infra/index.js:1:1

port of api/dev

api/esc/base.yaml:2:9  8080
   imported as api/base at api/esc/dev.yaml:1:11
`);
    expect(workspace.nxEsc(['explain', 'api/dev', 'PASSWORD']).stdout).not.toContain(SECRET);
    expect(workspace.nxEsc(['explain', '--open', 'api/dev', 'CLUSTER']).stdout).toContain('"cluster-1"');
    expect(workspace.nxEsc(['explain', '--reveal', 'api/dev', 'PASSWORD'], { CI: '1' })).toMatchObject({
      code: 10,
      stdout: '',
    });
    expect(workspace.nxEsc(['explain', 'api/dev', 'CLUSER']).stderr).toContain('did you mean CLUSTER?');
  });

  test('compare with an older revision', () => {
    const git = (...args: string[]): void => {
      const identity = {
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@b',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@b',
      };
      expect(spawnSync('git', args, { cwd: workspace.root, env: { ...workspace.env, ...identity } }).status).toBe(0);
    };
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'first');
    expect(workspace.nxEsc(['diff', 'api/dev', '--base', 'main', '--exit-code'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no difference'),
    });
    workspace.write({
      'api/esc/base.yaml': 'values:\n  port: 9090\n',
      'api/esc/prod.yaml': 'imports: [api/dev]\nvalues: { port: 1 }\n',
    });
    const { code, stdout } = workspace.nxEsc(['diff', 'api/dev', '--base', 'main', '--exit-code', '-f', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).differences).toEqual(
      ['environmentVariables.PORT', 'port'].map((key) => ({
        key,
        change: 'changed',
        before: { kind: 'value', text: '8080' },
        after: { kind: 'value', text: '9090' },
      })),
    );
    expect(workspace.nxEsc(['diff', 'api/dev@{main}', 'api/prod']).stdout).toContain(
      '~ port                       8080 → 1',
    );
    expect(workspace.nxEsc(['diff', 'api/prod', '--base', 'main']).stdout).toContain('+ port');
    expect(workspace.nxEsc(['matrix', 'api', 'dev', 'prod']).stdout).toMatch(
      /= {2}environmentVariables\.PORT +9090 +9090/,
    );
  });
});
