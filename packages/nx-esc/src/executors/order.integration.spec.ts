import { execFileSync } from 'node:child_process';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(180_000);

const PROGRAM = "exports.url = 'https://example.com';\n";
const reads = (...stacks: string[]): string =>
  `values:\n  stacks:\n    fn::open::pulumi-stacks:\n      stacks:\n${stacks
    .map((stack, index) => `        s${index}: { stack: ${stack} }\n`)
    .join(
      '',
    )}  environmentVariables:\n${stacks.map((_, index) => `    URL${index}: \${stacks.s${index}.url}\n`).join('')}`;

function project(name: string, stacks: readonly string[], environments: Readonly<Record<string, string>> = {}) {
  const files: Record<string, string> = {
    [`${name}/Pulumi.yaml`]: `name: ${name}\nruntime: nodejs\nmain: index.js\n`,
    [`${name}/package.json`]: JSON.stringify({ name }),
    [`${name}/index.js`]: PROGRAM,
  };
  for (const stack of stacks) files[`${name}/Pulumi.${stack}.yaml`] = `config:\n  ${name}:size: "1"\n`;
  for (const [environment, text] of Object.entries(environments)) files[`${name}/esc/${environment}.yaml`] = text;
  return files;
}

describe('stacks whose projects rest on one another, for different environments', () => {
  const workspace = new TestWorkspace({
    ...project('infra', ['dev']),
    ...project('a', ['dev', 'prod'], { dev: reads('b/dev', 'infra/dev') }),
    ...project('b', ['dev', 'prod'], { prod: reads('a/prod') }),
    ...project('x', ['dev'], { dev: reads('y/dev') }),
    ...project('y', ['dev'], { dev: reads('x/dev') }),
  });
  afterAll(() => workspace.remove());

  const nx = (...args: string[]) => workspace.run('nx', [...args, '--output-style=stream']);
  const isDeployed = (name: string, stack: string): boolean =>
    (JSON.parse(workspace.stateOf(name, stack)).checkpoint.latest?.resources ?? []).length > 0;
  const order = (output: string, operation: string): string[] =>
    [...output.matchAll(new RegExp(`pulumi ${operation}[^]*?(\\w+)-(dev|prod)`, 'g'))].map(([, name]) => name ?? '');

  test('deploys what another stack reads before it, where Nx has no order for the two', async () => {
    const { code, output } = await nx('run', 'a:deploy', '--env=dev');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('a/dev reads b/dev: that is deployed first');
    expect(order(output, 'up')).toEqual(['infra', 'b', 'a']);
  });

  test('deploys them the other way round for the other environment, several tasks side by side', async () => {
    const { code, output } = await nx('run-many', '-t', 'deploy', '-p', 'a,b,infra', '--env=prod');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('nothing to do: infra has no stack "prod"');
    expect([isDeployed('a', 'prod'), isDeployed('b', 'prod')]).toEqual([true, true]);
  });

  test('reports a true cycle with the place of each step, before anything is deployed', async () => {
    const { code, output } = await nx('run', 'x:deploy', '--env=dev');
    expect(code).toBe(1);
    expect(output).toContain('config/cyclic-stacks: no stack of these can be deployed first: x/dev → y/dev → x/dev');
    expect(output).toContain('x/Pulumi.dev.yaml:1:1: stack x/dev → environment x/dev');
    expect(output).toContain('x/esc/dev.yaml:5:22: environment x/dev → stack y/dev');
    expect(output).toContain('y/esc/dev.yaml:5:22: environment y/dev → stack x/dev');
    expect(output).not.toContain('▸');
  });

  test('refuses to destroy a stack that others read, with the lines that do', async () => {
    const { code, output } = await nx('run', 'infra:destroy', '--env=dev');
    expect(code).toBe(1);
    expect(output).toContain('config/dependents-deployed: infra/dev is still read by a/dev');
    expect(output).toContain('a/esc/dev.yaml:6:22: environment a/dev → stack infra/dev');
    expect(output).toContain('nx run-many -t destroy -p infra,a --env=dev');
    expect(isDeployed('infra', 'dev')).toBe(true);
  });

  test('destroys all of a run in the reverse order, however many tasks run at once', async () => {
    const { code, output } = await nx('run-many', '-t', 'destroy', '-p', 'infra,a,b', '--env=dev', '--parallel=1');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(['infra', 'a', 'b'].map((name) => isDeployed(name, 'dev'))).toEqual([false, false, false]);
    expect(order(output, 'destroy')[0]).toBe('a');
    const prod = await nx('run-many', '-t', 'destroy', '-p', 'a,b', '--env=prod', '--parallel=2');
    expect(prod).toMatchObject({ code: 0 });
    expect(isDeployed('a', 'prod')).toBe(false);
  });

  test('skips what a change does not reach, if asked', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: workspace.root });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'one');
    workspace.write({ 'a/Pulumi.dev.yaml': '# A comment.\nconfig:\n  a:size: "1"\n' });
    const args = ['--env=dev', '--onlyIfAffected', '--affectedBase=HEAD', '--excludeTaskDependencies'];
    const comment = await nx('run', 'infra:deploy', ...args);
    expect(comment).toMatchObject({
      code: 0,
      output: expect.stringContaining('skipped: nothing that the stack') as string,
    });
    expect(comment.output).not.toContain('▸');
    workspace.write({ 'infra/Pulumi.dev.yaml': 'config:\n  infra:size: "2"\n' });
    const value = await nx('run', 'infra:deploy', ...args);
    expect(value.output).toContain('▸ pulumi up');
  });
});
