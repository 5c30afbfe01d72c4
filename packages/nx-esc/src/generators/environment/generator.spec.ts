import { addProjectConfiguration, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { environmentGenerator } from './generator';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
});

const text = (file: string): string => tree.read(file, 'utf8') ?? '';

test('adds base, dev, staging and prod', async () => {
  tree.write('infra/Pulumi.yaml', 'name: infra\nruntime: nodejs\n');
  tree.write('infra/Pulumi.staging.yaml', '');
  tree.write('infra/index.ts', 'export const ecs_cluster_name = "c"; export const queueUrl = "q";\n');
  await environmentGenerator(tree, {
    project: 'api',
    stacks: ['infra'],
    secrets: ['database=myapp/{environment}/database#url', 'jwt'],
    readerRole: 'arn:aws:iam::123456789012:role/api-esc-reader',
    region: 'eu-west-1',
  });

  expect(text('apps/api/esc/base.yaml')).toBe(`# api/base: what all environments of api have in common.
values:
  domain: example.com
  port: 8080
  aws:
    region: eu-west-1
    # The role that may read the secrets of this app, and nothing else.
    login:
      fn::open::aws-login:
        oidc:
          roleArn: arn:aws:iam::123456789012:role/api-esc-reader
          sessionName: api-esc
`);
  expect(text('apps/api/esc/dev.yaml')).toBe(`# api/dev: this machine alone; no stacks, no cloud.
imports:
  - api/base
values:
  urls:
    api: http://localhost:\${port}
  environmentVariables:
    API_URL: \${urls.api}
    PORT: \${port}
    # In place of what the deployed environments get of stacks and secrets.
    ECS_CLUSTER_NAME: local-ecs-cluster-name
    QUEUE_URL: local-queue-url
    DATABASE_URL: local-database-url
    JWT: local-jwt
`);
  expect(text('apps/api/esc/staging.yaml'))
    .toBe(`# api/staging: what the deployed stacks say, the secrets, and what is made of both.
imports:
  - api/base
values:
  infra:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/staging }
  secrets:
    fn::open::aws-secrets:
      region: \${aws.region}
      login: \${aws.login}
      get:
        database: { secretId: myapp/staging/database }
        jwt: { secretId: api/staging/jwt }
  database:
    fn::fromJSON: \${secrets.database}
  urls:
    api: https://api-staging.\${domain}
  environmentVariables:
    API_URL: \${urls.api}
    PORT: \${port}
    ECS_CLUSTER_NAME: \${infra.infra.ecs_cluster_name}
    QUEUE_URL: \${infra.infra.queueUrl}
    DATABASE_URL: \${database.url}
    JWT: \${secrets.jwt}
`);
  expect(text('apps/api/esc/prod.yaml')).toBe(text('apps/api/esc/staging.yaml').replaceAll('staging', 'prod'));
});

test('changes nothing when it is run again', async () => {
  const options = { project: 'api', stacks: ['infra/shared'], secrets: ['jwt'] };
  await environmentGenerator(tree, options);
  const before = tree.listChanges().map(({ path, content }) => [path, content?.toString()]);
  await environmentGenerator(tree, options);
  expect(tree.listChanges().map(({ path, content }) => [path, content?.toString()])).toEqual(before);
});

test('adds to what is there, and keeps comments, values and order', async () => {
  tree.write('apps/api/Pulumi.yaml', 'name: api\nruntime: nodejs\n');
  tree.write(
    'apps/api/esc/staging.yaml',
    `# Ours.
imports:
  - platform/defaults # first
values:
  stacks:
    fn::open::pulumi-stacks:
      stacks:
        network: { stack: network/staging } # by the platform team
  environmentVariables:
    PORT: '0080'
`,
  );
  await environmentGenerator(tree, {
    project: 'api',
    environments: ['staging'],
    stacks: ['db=database/shared'],
    outputs: ['db.url=DATABASE_URL'],
  });
  expect(text('apps/api/esc/staging.yaml')).toBe(`# Ours.
imports:
  - platform/defaults # first
  - api/base
values:
  stacks:
    fn::open::pulumi-stacks:
      stacks:
        network: { stack: network/staging } # by the platform team
        db: { stack: database/shared }
        # The app's own stack: its outputs are unknown until it has been deployed once.
        api: { stack: api/staging }
  environmentVariables:
    PORT: '0080'
    API_URL: \${urls.api}
    DATABASE_URL: \${stacks.db.url}
  urls:
    api: https://api-staging.\${domain}
`);
  expect(tree.exists('apps/api/esc/prod.yaml')).toBe(false);
});

test.each([
  [{ environments: ['../../etc/passwd'] }, 'environments'],
  [{ environments: ['staging prod'] }, 'environments'],
  [{ environments: ['x'.repeat(200)] }, 'environments'],
  [{ environments: ['dev.local'] }, 'environments'],
  [{ stacks: ['infra/../prod'] }, 'stacks'],
  [{ stacks: ['a/b/c/d'] }, 'stacks'],
  [{ stacks: ['infra"}, x: {"'] }, 'stacks'],
  [{ stacks: ['fn::open=infra'] }, 'stacks'],
  [{ outputs: ['infra'] }, 'outputs'],
  [{ outputs: ['infra.url=DATABASE URL'] }, 'outputs'],
  [{ secrets: ['db=my app/db'] }, 'secrets'],
  [{ secrets: ['db=x\n  y: z'] }, 'secrets'],
  [{ secrets: ['urls#url'] }, 'secrets'],
  [{ secrets: ['größe'] }, 'secrets'],
  [{ region: 'eu west' }, 'region'],
  [{ domain: 'example.com # x' }, 'domain'],
  [{ readerRole: 'api-reader' }, 'readerRole'],
  [{ port: 0 }, 'port'],
])('refuses %j, and leaves the tree alone', async (options, option) => {
  const before = tree.listChanges().length;
  await expect(environmentGenerator(tree, { project: 'api', ...options })).rejects.toThrow(
    new RegExp(`^config/option-invalid: --${option}: `),
  );
  expect(tree.listChanges()).toHaveLength(before);
});

test('says which projects there are', async () => {
  await expect(environmentGenerator(tree, { project: 'apo' })).rejects.toThrow(/there are: api/);
});

test('says where a file is broken, and leaves all of them alone', async () => {
  tree.write('apps/api/esc/prod.yaml', 'values:\n  a: [\n');
  await expect(environmentGenerator(tree, { project: 'api' })).rejects.toThrow(
    /^config\/yaml-syntax: apps\/api\/esc\/prod.yaml:\d+:\d+: /,
  );
  expect(tree.exists('apps/api/esc/base.yaml')).toBe(false);
});

test.each([
  [['infra.url', 'infra.url=URL'], /taken/],
  [['infra.path=PATH'], /PATH/],
])('refuses variables that clash: %j', async (outputs, message) => {
  await expect(environmentGenerator(tree, { project: 'api', stacks: ['infra'], outputs })).rejects.toThrow(message);
});

test('names variables of two stacks apart', async () => {
  for (const name of ['red', 'blue']) {
    tree.write(`${name}/Pulumi.yaml`, `name: ${name}\nruntime: nodejs\n`);
    tree.write(`${name}/index.ts`, 'export const url = "u"; export const path = "p";\n');
  }
  await environmentGenerator(tree, { project: 'api', environments: ['prod'], stacks: ['red', 'blue'] });
  expect(text('apps/api/esc/prod.yaml')).toContain(`    URL: \${infra.red.url}
    RED_PATH: \${infra.red.path}
    BLUE_URL: \${infra.blue.url}
    BLUE_PATH: \${infra.blue.path}
`);
});
