import { addProjectConfiguration, logger, readJson, type Tree, updateJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { environmentGenerator } from '../environment/generator';
import { oidcGenerator } from './generator';

const REPOSITORY = { repository: 'acme/shop', account: '123456789012' };
let tree: Tree;
let said: string[];

beforeEach(async () => {
  said = [];
  jest.spyOn(logger, 'info').mockImplementation((line: string) => void said.push(line));
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
  await environmentGenerator(tree, {
    project: 'api',
    secrets: ['database=myapp/{environment}/database#url', 'jwt=myapp/{environment}/jwt#secret'],
    region: 'eu-west-1',
    readerRole: 'arn:aws:iam::123456789012:role/api-esc-reader',
  });
});

test('grants exactly the secrets that an environment opens, to exactly its subject', async () => {
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY });
  expect(readJson(tree, 'apps/api/iam/api-esc-reader/policy.json')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadSecrets',
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: [
          'arn:aws:secretsmanager:eu-west-1:123456789012:secret:myapp/prod/database-??????',
          'arn:aws:secretsmanager:eu-west-1:123456789012:secret:myapp/prod/jwt-??????',
          'arn:aws:secretsmanager:eu-west-1:123456789012:secret:myapp/staging/database-??????',
          'arn:aws:secretsmanager:eu-west-1:123456789012:secret:myapp/staging/jwt-??????',
        ],
      },
      { Sid: 'AskForSeveral', Effect: 'Allow', Action: 'secretsmanager:BatchGetSecretValue', Resource: '*' },
    ],
  });
  const trustOf = (subject: string | string[]): object => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
        },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': subject,
          },
        },
      },
    ],
  });
  // Both environments log in with the role that base names.
  expect(readJson(tree, 'apps/api/iam/api-esc-reader/trust.json')).toEqual(
    trustOf(['repo:acme/shop:environment:prod', 'repo:acme/shop:environment:staging']),
  );
  expect(readJson(tree, 'apps/api/iam/api-prod-deploy/trust.json')).toEqual(trustOf('repo:acme/shop:environment:prod'));
  expect(tree.exists('apps/api/iam/api-prod-deploy/policy.json')).toBe(false);
  expect(tree.exists('apps/api/iam/api-dev-deploy/trust.json')).toBe(false);
  expect(tree.read('apps/api/iam/create-roles.sh', 'utf8')).toContain(
    'role api-esc-reader api-esc-reader/trust.json api-esc-reader/policy.json\n',
  );
});

const NX_JSON = `{
  // Ours.
  "namedInputs": { "default": ["{projectRoot}/**/*"] },
  "plugins": [
    "@nx/js",
    {
      "plugin": "nx-esc/plugin",
      "options": {
        "organization": "acme", // in Pulumi Cloud
        "environments": {
          "staging": { "duration": "2h" },
          "api/staging": {
            "audience": "ours",
            "deployRole": { "role": "arn:aws:iam::999999999999:role/old", "duration": "30m" }
          }
        }
      }
    }
  ]
}
`;
const ROLE = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

test('names the roles in nx.json, and keeps what else is there', async () => {
  tree.write('nx.json', NX_JSON);
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY });
  const text = tree.read('nx.json', 'utf8') ?? '';
  const common = { account: '123456789012', region: 'eu-west-1', readerRole: ROLE('api-esc-reader') };
  expect(readJson(tree, 'nx.json').plugins[1].options).toEqual({
    organization: 'acme',
    environments: {
      staging: { duration: '2h' },
      'api/staging': { ...common, audience: 'ours', deployRole: { role: ROLE('api-staging-deploy'), duration: '30m' } },
      'api/prod': { ...common, deployRole: ROLE('api-prod-deploy') },
    },
  });
  expect(text).toContain('  // Ours.\n');
  expect(text).toContain('"organization": "acme", // in Pulumi Cloud\n');
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY });
  expect(tree.read('nx.json', 'utf8')).toBe(text);
});

test('trusts the audience that the runs of each environment ask for', async () => {
  tree.write('nx.json', NX_JSON);
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY });
  const audiencesOf = (role: string): readonly unknown[] =>
    readJson(tree, `apps/api/iam/${role}/trust.json`).Statement.map(
      ({ Condition }: { Condition: { StringEquals: Record<string, unknown> } }) =>
        Object.values(Condition.StringEquals),
    );
  const [prod, staging] = ['prod', 'staging'].map((name) => `repo:acme/shop:environment:${name}`);
  expect(audiencesOf('api-staging-deploy')).toEqual([['ours', staging]]);
  expect(audiencesOf('api-prod-deploy')).toEqual([['sts.amazonaws.com', prod]]);
  expect(audiencesOf('api-esc-reader')).toEqual([
    ['sts.amazonaws.com', prod],
    ['ours', staging],
  ]);
  const script = tree.read('apps/api/iam/create-roles.sh', 'utf8');
  for (const audience of ['sts.amazonaws.com', 'ours'])
    expect(script).toContain(`provider token.actions.githubusercontent.com ${audience}\n`);
  expect(tree.read('apps/api/iam/index.ts', 'utf8')).toContain("clientIdLists: ['sts.amazonaws.com', 'ours']");

  tree.write('nx.json', NX_JSON.replace('"ours"', '"o\'; rm -rf x"'));
  await expect(oidcGenerator(tree, { project: 'api', ...REPOSITORY })).rejects.toThrow(/audience/);
});

test('gives a plugin without options some, and says where there is no plugin', async () => {
  tree.write('nx.json', '{ "plugins": ["nx-esc/plugin"] }');
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY, environments: ['prod'] });
  const [{ plugin, options }] = readJson(tree, 'nx.json').plugins;
  expect(plugin).toBe('nx-esc/plugin');
  expect(Object.keys(options.environments)).toEqual(['api/prod']);
  expect(said).toEqual([
    expect.stringMatching(/^Next: make the roles in account 123456789012 /),
    'The program needs packages: npm install -D @pulumi/pulumi @pulumi/aws typescript',
  ]);

  tree.write('nx.json', '{}');
  updateJson(tree, 'package.json', (manifest) => ({
    ...manifest,
    dependencies: { '@pulumi/pulumi': '*', '@pulumi/aws': '*' },
    devDependencies: { typescript: '*' },
  }));
  said = [];
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY });
  expect(said).toEqual([
    expect.stringMatching(/^api-esc-reader reads the secrets of prod and staging: a job of one can read those of/),
    expect.stringMatching(/^Next: /),
    expect.stringMatching(/^nx.json does not name the roles/),
  ]);
  expect(tree.read('nx.json', 'utf8')).toBe('{}');
});

test('keeps the program that makes the roles out of what is deployed', async () => {
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY, environments: ['prod'], format: ['json'] });
  expect(tree.exists('.nxignore')).toBe(false);
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY });
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY });
  expect(tree.read('.nxignore', 'utf8')).toBe('apps/api/iam/Pulumi*.yaml\n');
});

test('lets pull requests take on the roles of the environment that is previewed, and no others', async () => {
  await oidcGenerator(tree, { project: 'api', ...REPOSITORY, pullRequests: true });
  const trustOf = (role: string): string => tree.read(`apps/api/iam/${role}/trust.json`, 'utf8') ?? '';
  expect(trustOf('api-staging-deploy')).toContain('pull_request');
  expect(trustOf('api-prod-deploy')).not.toContain('pull_request');
});

test.each([
  ['role/api-esc-reader', '999999999999', /--account: "123456789012" cannot be used.*\n.*logs in with arn/],
  ['role/teams/api-esc-reader', '123456789012', /the login of api\/.*name a role without a path/s],
])('refuses a login with %s of %s, which would not be the role that is made', async (role, account, message) => {
  const base = tree.read('apps/api/esc/base.yaml', 'utf8') ?? '';
  tree.write('apps/api/esc/base.yaml', base.replace(ROLE('api-esc-reader'), `arn:aws:iam::${account}:${role}`));
  await expect(oidcGenerator(tree, { project: 'api', ...REPOSITORY })).rejects.toThrow(message);
  expect(tree.exists('apps/api/iam')).toBe(false);
});

test('knows parameters, keys, state in S3, previews, and Pulumi Cloud', async () => {
  updateJson(tree, 'nx.json', (nxJson) => ({
    ...nxJson,
    plugins: [{ plugin: 'nx-esc/plugin', options: { organization: 'acme' } }],
  }));
  tree.write(
    'apps/api/esc/qa.yaml',
    `values:
  name: size
  parameters:
    fn::open::aws-parameter-store:
      region: us-gov-west-1
      login: { accessKeyId: a, secretAccessKey: b }
      get:
        size: { name: '/app/\${name}:3' }
        key: { name: key, decrypt: true }
`,
  );
  await oidcGenerator(tree, {
    project: 'api',
    ...REPOSITORY,
    environments: ['qa'],
    pullRequests: true,
    pulumiCloud: true,
    kmsKeys: ['arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab'],
    stateBucket: 'acme-state',
    format: ['json'],
  });
  expect(readJson(tree, 'apps/api/iam/api-qa-esc-reader/policy.json').Statement).toEqual([
    {
      Sid: 'ReadParameters',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: [
        'arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/app/size',
        'arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/key',
      ],
    },
    {
      Sid: 'DecryptThem',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: 'arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab',
      Condition: { StringEquals: { 'kms:ViaService': 'ssm.us-gov-west-1.amazonaws.com' } },
    },
  ]);
  const { Statement } = readJson(tree, 'apps/api/iam/api-qa-esc-reader/trust.json');
  expect(Statement.map(({ Condition }: { Condition: object }) => Condition)).toEqual([
    {
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': ['repo:acme/shop:environment:qa', 'repo:acme/shop:pull_request'],
      },
    },
    {
      StringEquals: {
        'api.pulumi.com/oidc:aud': 'aws:acme',
        'api.pulumi.com/oidc:sub': 'pulumi:environments:org:acme:env:api/qa',
      },
    },
  ]);
  expect(readJson(tree, 'apps/api/iam/api-qa-deploy/policy.json').Statement[1].Resource).toBe(
    'arn:aws-us-gov:s3:::acme-state/.pulumi/*',
  );
  expect(tree.exists('apps/api/iam/create-roles.sh')).toBe(false);
});

test('says which name is known only when a stack has been deployed', async () => {
  tree.write(
    'apps/api/esc/qa.yaml',
    `values:
  infra: { 'fn::open::pulumi-stacks': { stacks: { infra: { stack: infra/qa } } } }
  secrets:
    fn::open::aws-secrets:
      region: eu-west-1
      login: { accessKeyId: a, secretAccessKey: b }
      get: { db: { secretId: '\${infra.infra.secret}' } }
`,
  );
  await expect(oidcGenerator(tree, { project: 'api', ...REPOSITORY, environments: ['qa'] })).rejects.toThrow(
    /config\/resource-unknown: "db" of aws-secrets in api\/qa is not known/,
  );
  expect(tree.exists('apps/api/iam')).toBe(false);
});

test.each([
  [{ repository: 'shop' }, 'repository'],
  [{ repository: 'acme/shop:*' }, 'repository'],
  [{ repository: 'acme/*' }, 'repository'],
  [{ account: '12345678901x' }, 'account'],
  [{ kmsKeys: ['*'] }, 'kmsKeys'],
  [{ stateBucket: '*' }, 'stateBucket'],
  [{ environments: ['../x'] }, 'environments'],
  [{ pulumiCloud: true }, 'pulumiCloud'],
])('refuses %j', async (options, option) => {
  await expect(oidcGenerator(tree, { project: 'api', ...REPOSITORY, ...options })).rejects.toThrow(`--${option}: `);
  expect(tree.exists('apps/api/iam')).toBe(false);
});
