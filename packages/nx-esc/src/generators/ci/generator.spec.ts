import { addProjectConfiguration, type Tree, updateJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { parse } from 'yaml';
import { stackGenerator } from '../stack/generator';
import { ciGenerator } from './generator';

interface Job {
  readonly if?: string;
  readonly needs?: string[];
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly permissions: Record<string, string>;
  readonly strategy?: object;
  readonly steps: readonly { readonly name?: string; readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Record<string, Job>;
}

let tree: Tree;

beforeEach(async () => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
  await stackGenerator(tree, { project: 'infra', root: 'apps/infra', stacks: ['prod', 'staging', 'dev'] });
  await stackGenerator(tree, { project: 'api', stacks: ['prod', 'staging'] });
  tree.write(
    'apps/api/esc/staging.yaml',
    'values: { i: { fn::open::pulumi-stacks: { stacks: { i: { stack: infra/staging } } } } }',
  );
});

const workflow = (name: string): Workflow =>
  parse(tree.read(`.github/workflows/${name}.yml`, 'utf8') ?? '') as Workflow;
const commands = ({ steps }: Job): (string | undefined)[] => steps.flatMap(({ run }) => run ?? []);

test('deploys environment by environment, with identity and configuration as steps of their own', async () => {
  await ciGenerator(tree, {});
  const { jobs, permissions, on } = workflow('deploy');
  expect(on).toEqual({ push: { branches: ['main'] } });
  expect(permissions).toEqual({});
  expect(Object.keys(jobs)).toEqual(['staging', 'prod']);
  expect(jobs.prod?.needs).toEqual(['staging']);
  expect(jobs.staging).toMatchObject({
    environment: 'staging',
    concurrency: { group: 'deploy-staging', 'cancel-in-progress': false },
    permissions: { contents: 'read', 'id-token': 'write', actions: 'read' },
  });
  expect(commands(jobs.staging as Job)).toEqual([
    'npm ci',
    'npx nx-esc whoami --env=staging',
    'npx nx affected -t esc-check --output-style=stream',
    'npx nx affected -t deploy --env=staging --output-style=stream',
  ]);
});

test('checks every pull request, and gives an identity to none of a fork', async () => {
  await ciGenerator(tree, {});
  const { jobs, permissions } = workflow('preview');
  expect(permissions).toEqual({});
  expect(jobs.check?.permissions).toEqual({ contents: 'read' });
  expect(jobs.check?.if).toBeUndefined();
  expect(jobs.preview?.if).toContain('head.repo.full_name == github.repository');
  expect(jobs.preview?.permissions).toMatchObject({ 'id-token': 'write', 'pull-requests': 'write' });
  expect(jobs.preview?.environment).toBeUndefined();
});

test('names every action by its commit', async () => {
  await ciGenerator(tree, { distribution: 'matrix' });
  for (const name of ['deploy', 'preview']) {
    const uses = Object.values(workflow(name).jobs).flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []));
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/@[0-9a-f]{40}$/);
  }
});

test('deploys by waves, as many as stacks stand one behind another', async () => {
  await ciGenerator(tree, { distribution: 'matrix', environments: ['staging'] });
  const { jobs } = workflow('deploy');
  expect(Object.keys(jobs)).toEqual(['plan-staging', 'staging-1', 'staging-2']);
  expect(jobs['plan-staging']?.permissions).not.toHaveProperty('id-token');
  expect(jobs['staging-2']?.needs).toEqual(['plan-staging', 'staging-1']);
  expect(jobs['staging-2']?.strategy).toMatchObject({ 'fail-fast': false });
  expect(jobs['staging-2']?.if).toContain('!failure()');
  expect(commands(jobs['staging-2'] as Job).at(-1)).toBe(
    'npx nx run "$PROJECT:deploy" --env=staging --excludeTaskDependencies',
  );
});

test('goes on to the next environment after waves that had nothing to do', async () => {
  await ciGenerator(tree, { distribution: 'matrix' });
  const { jobs } = workflow('deploy');
  expect(jobs['plan-prod']).toMatchObject({
    needs: ['staging-1', 'staging-2'],
    if: '${{ !cancelled() && !failure() }}',
  });
});

test('lets agents of Nx deploy as the job that they work for', async () => {
  await ciGenerator(tree, { distribution: 'nx-agents' });
  expect(commands(workflow('deploy').jobs.prod as Job).at(-2)).toMatch(
    /^npx nx start-ci-run --distribute-on=".*" --stop-agents-after=deploy --with-env-vars=".*ACTIONS_ID_TOKEN_REQUEST_TOKEN"$/,
  );
});

test.each(['none', 'matrix'] as const)(
  'pushes the files of environments that are kept in Pulumi Cloud (%s)',
  async (distribution) => {
    updateJson(tree, 'nx.json', (nxJson) => ({
      ...nxJson,
      plugins: [{ plugin: 'nx-esc/plugin', options: { organization: 'acme', backends: { staging: 'cloud' } } }],
    }));
    await ciGenerator(tree, { distribution });
    const { jobs } = workflow('deploy');
    const push = 'npx nx-esc push --affected --env=staging';
    const pushing = jobs[distribution === 'matrix' ? 'plan-staging' : 'staging'] as Job;
    expect(commands(pushing).at(-2)).toBe(push);
    expect(pushing).toMatchObject({ environment: 'staging', permissions: { 'id-token': 'write' } });
    expect(
      Object.values(jobs)
        .flatMap(commands)
        .filter((command) => command?.includes('push')),
    ).toEqual([push]);
  },
);

test('pushes on GitLab with a token for the organization', async () => {
  updateJson(tree, 'nx.json', (nxJson) => ({
    ...nxJson,
    plugins: [{ plugin: 'nx-esc/plugin', options: { organization: 'acme', backend: 'cloud' } }],
  }));
  await ciGenerator(tree, { provider: 'gitlab' });
  const pipeline = parse(tree.read('.gitlab-ci.yml', 'utf8') ?? '') as Record<string, { script: string[] }>;
  expect(pipeline['.identity']).toMatchObject({
    id_tokens: { NX_ESC_PULUMI_ID_TOKEN: { aud: 'urn:pulumi:org:acme' } },
  });
  expect(pipeline['deploy staging']?.script.at(-2)).toBe('npx nx-esc push --affected --env=staging');
});

test('writes names that YAML would take for something else as texts', async () => {
  await stackGenerator(tree, { project: 'api', stacks: ['on', '1.0'] });
  for (const provider of ['github', 'gitlab'] as const) {
    await ciGenerator(tree, { provider, environments: ['on', '1.0'], branch: '2.0' });
  }
  const { jobs, on } = workflow('deploy');
  expect(on).toEqual({ push: { branches: ['2.0'] } });
  expect([jobs.on?.environment, jobs['_1-0']?.environment]).toEqual(['on', '1.0']);
  const pipeline = parse(tree.read('.gitlab-ci.yml', 'utf8') ?? '', { version: '1.1' }) as Record<string, object>;
  expect(pipeline['deploy on']).toMatchObject({ environment: { name: 'on' } });
  expect(pipeline['deploy 1.0']).toMatchObject({ environment: { name: '1.0' } });
});

test('generates a pipeline for GitLab', async () => {
  updateJson(tree, 'nx.json', (nxJson) => ({ ...nxJson, defaultBase: 'trunk' }));
  await ciGenerator(tree, { provider: 'gitlab', preview: 'prod' });
  const pipeline = parse(tree.read('.gitlab-ci.yml', 'utf8') ?? '') as Record<string, unknown>;
  expect(pipeline.stages).toEqual(['check', 'preview', 'staging', 'prod']);
  expect(pipeline['deploy prod']).toMatchObject({
    environment: { name: 'prod' },
    resource_group: 'deploy-prod',
    rules: [{ if: '$CI_COMMIT_BRANCH == "trunk"' }],
  });
});

test('changes nothing when it is run again, and follows the workspace', async () => {
  await ciGenerator(tree, {});
  const before = tree.read('.github/workflows/deploy.yml', 'utf8');
  await ciGenerator(tree, {});
  expect(tree.read('.github/workflows/deploy.yml', 'utf8')).toBe(before);
  await stackGenerator(tree, { project: 'api', stacks: ['qa'] });
  await ciGenerator(tree, {});
  expect(Object.keys(workflow('deploy').jobs)).toEqual(['qa', 'staging', 'prod']);
});

test('leaves a workflow alone that somebody wrote', async () => {
  tree.write('.github/workflows/deploy.yml', 'name: ours\n');
  await expect(ciGenerator(tree, {})).rejects.toThrow('config/file-exists: .github/workflows/deploy.yml: ');
  expect(tree.read('.github/workflows/deploy.yml', 'utf8')).toBe('name: ours\n');
  expect(tree.exists('.github/workflows/preview.yml')).toBe(false);
});

test.each([
  [{ environments: ['staging; rm -rf /'] }, '--environments: '],
  [{ environments: ['${{ secrets.X }}'] }, '--environments: '],
  [{ environments: ['staging', 'staging'] }, '--environments: '],
  [{ environments: ['eu.staging', 'eu-staging'] }, '--environments: '],
  [{ preview: 'qa' }, '--preview: '],
  [{ branch: 'main]\njobs:' }, '--branch: '],
  [{ provider: 'gitlab' as const, distribution: 'matrix' as const }, '--distribution: '],
  [{ provider: 'gitlab' as const, environments: ['a..b'] }, '--environments: "a..b" cannot be used'],
])('refuses %j', async (options, message) => {
  await expect(ciGenerator(tree, options)).rejects.toThrow(message);
  expect(tree.exists('.github/workflows/deploy.yml')).toBe(false);
});
