import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PipelineJob, type StepResult, type Workflow } from '../../testing/pipeline-job';
import { TestWorkspace } from '../../testing/test-workspace';

jest.setTimeout(300_000);

const STACK = (name: string): Record<string, string> => ({
  [`${name}/Pulumi.yaml`]: `name: ${name}\nruntime: nodejs\nmain: index.js\n`,
  [`${name}/package.json`]: JSON.stringify({ name }),
  [`${name}/index.js`]: `exports.name = '${name}-' + require('@pulumi/pulumi').getStack();\n`,
});
const ENVIRONMENT = (name: string): string => `imports: [api/base]
values:
  infra:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/${name} }
  environmentVariables:
    INFRA: \${infra.infra.name}
    PORT: \${port}
`;
const BASE = (port: number): string => `values:\n  port: '${port}'\n`;
const WORKSPACE = {
  ...STACK('infra'),
  'infra/Pulumi.staging.yaml': 'config: {}\n',
  'infra/Pulumi.prod.yaml': 'config: {}\n',
  ...STACK('api'),
  'api/Pulumi.staging.yaml': 'environment: [api/staging]\n',
  'api/Pulumi.prod.yaml': 'environment: [api/prod]\n',
  'api/esc/base.yaml': BASE(8080),
  'api/esc/staging.yaml': ENVIRONMENT('staging'),
  'api/esc/prod.yaml': ENVIRONMENT('prod'),
};
/** Stands in for \`gh api\` on comments, which it keeps in a file. */
const GH = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const file = process.env.COMMENTS;
const comments = JSON.parse(readFileSync(file, 'utf8'));
const args = process.argv.slice(2);
const after = (option) => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined);
const [path] = args.filter((arg) => arg.startsWith('repos/'));
if (args[0] !== 'api' || !process.env.GH_TOKEN) throw new Error('gh is called wrongly');
const field = after('--field');
const body = field && readFileSync(field.replace(/^body=@/, ''), 'utf8');
if (body !== undefined && [...body].length > 65536) throw new Error('HTTP 422: body is too long');
if (body === undefined) {
  if (path !== 'repos/acme/shop/issues/7/comments') throw new Error('HTTP 404: ' + path);
  const { status, stdout, stderr } = spawnSync('jq', ['-r', after('--jq')], { input: JSON.stringify(comments), encoding: 'utf8' });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exit(status);
}
if (after('--method') === 'PATCH') {
  const found = comments.find(({ id }) => path === 'repos/acme/shop/issues/comments/' + id);
  found.body = body;
} else comments.push({ id: 100 + comments.length, user: { login: 'github-actions[bot]' }, body });
writeFileSync(file, JSON.stringify(comments));
`;

const workspace = new TestWorkspace(WORKSPACE);
const temporary = mkdtempSync(join(tmpdir(), 'nx-esc-runner-'));
const commentsFile = join(temporary, 'comments.json');
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd: workspace.root,
    encoding: 'utf8',
  }).trim();
/** Variables of a runner without anything of AWS. */
const RUNNER = { HOME: temporary, COMMENTS: commentsFile, AWS_EC2_METADATA_DISABLED: 'true', AWS_PROFILE: undefined };

beforeAll(() => {
  mkdirSync(join(temporary, 'bin'));
  writeFileSync(join(temporary, 'bin', 'gh'), GH, { mode: 0o755 });
  git('init', '-q', '-b', 'main');
  git('add', 'nx.json', 'package.json', '.gitignore');
  git('commit', '-qm', 'empty');
});
afterAll(() => {
  workspace.remove();
  rmSync(temporary, { recursive: true, force: true });
});

function commit(): void {
  git('add', '.');
  git('commit', '-qm', 'change');
}

async function generate(...args: string[]): Promise<void> {
  const { code, output } = await workspace.run('nx', ['g', 'nx-esc:ci', ...args, '--skipFormat', '--no-interactive']);
  if (code !== 0) throw new Error(output);
}

const workflow = (name: string): Workflow => parse(workspace.read(`.github/workflows/${name}.yml`)) as Workflow;
const job = (variables: NodeJS.ProcessEnv = {}): PipelineJob =>
  new PipelineJob(workspace, temporary, { ...RUNNER, ...variables });
const namesOf = (steps: readonly StepResult[]): string[] => steps.map(({ name }) => name);
const outputOf = (steps: readonly StepResult[]): string => steps.map(({ output }) => output).join('');
/** Fails with what was printed, if a step failed. */
function expectSuccess(steps: readonly StepResult[]): void {
  expect(steps.filter(({ code }) => code !== 0)).toEqual([]);
  expect(steps.length).toBeGreaterThan(0);
}

test('the workflow that deploys brings a new workspace to an environment, without any AWS', async () => {
  await generate();
  commit();
  const { steps } = job({ NX_BASE: 'HEAD~1', NX_HEAD: 'HEAD' }).github(workflow('deploy'), 'staging');
  expectSuccess(steps);
  expect(namesOf(steps)).toEqual(['Identity', 'Configuration', 'Deploy']);
  expect(steps[0]?.output).toContain('no AWS role is configured for staging');
  expect(workspace.stateOf('api', 'staging')).toContain('api-staging');
});

describe('the workflow for pull requests', () => {
  const EXPRESSIONS = {
    'github.event.pull_request.base.sha': 'HEAD~1',
    'github.sha': 'HEAD',
    'github.token': 'token',
    'github.event.pull_request.number': '7',
    'steps.preview.outcome': 'success',
  };
  const FOREIGN = { id: 1, user: { login: 'mallory' }, body: '<!-- nx-esc preview -->\nmine' };
  const comments = (): { body: string; user: { login: string } }[] =>
    JSON.parse(readFileSync(commentsFile, 'utf8')) as { body: string; user: { login: string } }[];

  beforeAll(() => {
    workspace.write({ 'api/esc/base.yaml': BASE(9090) });
    commit();
    writeFileSync(commentsFile, JSON.stringify([FOREIGN]));
  });

  test('checks without an identity', () => {
    const { steps } = job().github(workflow('preview'), 'check', EXPRESSIONS);
    expectSuccess(steps);
    expect(namesOf(steps)).toEqual(['Configuration']);
  });

  test('previews, and says in a comment what is affected and what would change', () => {
    const { steps } = job().github(workflow('preview'), 'preview', EXPRESSIONS);
    expectSuccess(steps);
    expect(namesOf(steps)).toEqual(['Identity', 'Preview', 'Comment']);
    const [foreign, own, ...others] = comments();
    expect(others).toEqual([]);
    expect(foreign).toEqual(FOREIGN);
    expect(own?.body).toMatch(/^<!-- nx-esc preview -->\n### Preview of staging: success\n\n1 affected by /);
    expect(own?.body).toContain('| <code>api/staging</code> | <code>environmentVariables.PORT</code> changed');
    expect(own?.body).toContain('Previewing update (staging)');
    expect(own?.body).not.toContain('api/prod');
  });

  test('writes the comment anew in its place, whatever a program has printed', () => {
    const hostile = '</pre></details><img src=x>`` ` ```\n@octocat &lt; \u001b[31mred\u001b[0m \u0007\u0000 **b**\n';
    const large = Buffer.concat([
      Buffer.from(`${'é<'.repeat(100_000)}\n`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(hostile),
    ]);
    writeFileSync(join(temporary, 'preview.txt'), large);
    const expressions = { ...EXPRESSIONS, 'steps.preview.outcome': 'failure' };
    const { steps } = job().github(workflow('preview'), 'preview', expressions, ({ name }) => name === 'Comment');
    expectSuccess(steps);
    const [foreign, own, ...others] = comments();
    expect(others).toEqual([]);
    expect(foreign).toEqual(FOREIGN);
    expect(own?.body).toContain('### Preview of staging: failure\n');
    const [, printed = ''] = /<pre>\n(.*)<\/pre>\n\n<\/details>\n$/s.exec(own?.body ?? '') ?? [];
    expect(printed).not.toMatch(/[<>\u0000-\u0008\u000b-\u001f]/);
    expect(printed).toMatch(
      /&lt;\/pre&gt;&lt;\/details&gt;&lt;img src=x&gt;`` ` ```\n@octocat &amp;lt; red {2}\*\*b\*\*\n$/,
    );
  });
});

describe('waves of a matrix', () => {
  const planOf = (steps: { outputs: Readonly<Record<string, string>> }): object =>
    JSON.parse(steps.outputs.waves ?? '') as object;
  const entry = (wave: number, project: string): object => ({
    wave,
    project,
    stack: `${project}/staging`,
    environment: 'staging',
  });

  beforeAll(async () => {
    await generate('--distribution=matrix');
    workspace.write({ 'infra/Pulumi.staging.yaml': 'config: { "infra:zone": a }\n' });
    commit();
  });

  test('hold what is affected and what reads it, in order; only what is there is deployed', () => {
    const runner = job({ NX_BASE: 'HEAD~1', NX_HEAD: 'HEAD' });
    const plan = runner.github(workflow('deploy'), 'plan-staging');
    expectSuccess(plan.steps);
    expect(planOf(plan)).toEqual([{ include: [entry(1, 'infra')] }, { include: [entry(2, 'api')] }]);
    for (const [name, project] of [
      ['staging-1', 'infra'],
      ['staging-2', 'api'],
    ] as const) {
      const { steps } = runner.github(workflow('deploy'), name, { 'matrix.project': project });
      expectSuccess(steps);
      expect(outputOf(steps)).not.toContain(project === 'api' ? 'infra:deploy' : 'api:deploy');
    }
  });

  test('are none where nothing is affected', () => {
    const plan = job({ NX_BASE: 'HEAD~1', NX_HEAD: 'HEAD' }).github(workflow('deploy'), 'plan-prod');
    expectSuccess(plan.steps);
    expect(planOf(plan)).toEqual([]);
  });

  test('are not taken for none where the plan fails', () => {
    const plan = job({ NX_BASE: 'no-such-commit', NX_HEAD: 'HEAD' }).github(workflow('deploy'), 'plan-staging');
    expect(plan.steps.at(-1)).toMatchObject({ name: 'Plan' });
    expect(plan.steps.at(-1)?.code).not.toBe(0);
    expect(plan.outputs).toEqual({});
  });
});

test('the pipeline of GitLab checks, previews and deploys', async () => {
  await generate('gitlab');
  commit();
  const pipeline = parse(workspace.read('.gitlab-ci.yml')) as Record<string, { script: string[] }>;
  workspace.write({ 'api/esc/base.yaml': BASE(7070) });
  commit();
  const variables = { NX_HEAD: 'HEAD', CI_COMMIT_SHA: git('rev-parse', 'HEAD') };
  const origin = join(temporary, 'origin.git');
  git('init', '-q', '--bare', origin);
  git('remote', 'add', 'origin', origin);
  git('push', '-q', 'origin', 'main');
  const jobs = Object.entries(pipeline).filter(([, { script }]) => script !== undefined);
  expect(jobs.map(([name]) => name)).toEqual(['check', 'preview', 'deploy staging', 'deploy prod']);
  const run = (name: string, own: NodeJS.ProcessEnv = {}): StepResult =>
    job().gitlab(pipeline[name]?.script ?? [], { ...variables, ...own });
  for (const name of ['check', 'preview']) expectSuccess([run(name, { NX_BASE: 'HEAD~1' })]);

  // Nothing has been deployed to prod: all of it is, whatever the last commit changed.
  expectSuccess([run('deploy prod')]);
  expect(workspace.stateOf('infra', 'prod')).toContain('infra-prod');
  expect(workspace.stateOf('api', 'prod')).toContain('api-prod');

  // The tenth deployment came after the ninth; what failed after it is tried again by a commit that changes nothing.
  git('push', '-q', 'origin', 'main~2:refs/environments/staging/deployments/9');
  git('push', '-q', 'origin', 'main~1:refs/environments/staging/deployments/10');
  git('commit', '-q', '--allow-empty', '-m', 'after a deployment that failed');
  const again = run('deploy staging');
  expectSuccess([again]);
  expect(again.output).toContain('api:deploy');
  git('push', '-q', 'origin', 'main:refs/environments/staging/deployments/11');
  expect(run('deploy staging').output).not.toContain('api:deploy');
});
