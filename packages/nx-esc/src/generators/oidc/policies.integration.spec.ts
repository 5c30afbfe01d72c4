import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { sealEnvelope } from 'esc-eval';
import { keyIdOf, packCiphertext } from '../../encryption/secret-ciphertext';
import { TestWorkspace } from '../../testing/test-workspace';

/** What the generated policies allow, as a simulator says that others wrote; the emulator of the tests must agree. */
const DECIDE = resolve(__dirname, '../../../../../tools/checkers/decide-iam.mjs');
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab';
const RECIPIENT = 'arn:aws:kms:eu-west-1:123456789012:key/5678abcd-34ab';
const ALIAS = 'alias/nx-esc';
const PUBLIC_KEY = `age1${'q'.repeat(58)}`;
const SEALED = sealEnvelope(packCiphertext({ keyId: keyIdOf(PUBLIC_KEY), ageFile: Buffer.from('sealed') }));
const GITHUB = 'token.actions.githubusercontent.com';
const PULUMI = 'api.pulumi.com/oidc';

jest.setTimeout(300_000);

const workspace = new TestWorkspace({
  'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options: { organization: 'acme' } }] }),
  'api/package.json': '{"name":"api"}',
  'esc.recipients.yaml': `recipients:
  ci: ${RECIPIENT}
  spare: ${RECIPIENT.replace(/key\/.*/, ALIAS)}
keys:
  default: [{ public: ${PUBLIC_KEY}, sealed: x, for: [${RECIPIENT}] }]
`,
  'api/esc/prod.yaml': 'values: {}\n',
  'api/esc/staging.yaml': `values:
  login: { accessKeyId: a, secretAccessKey: b }
  secrets:
    fn::open::aws-secrets:
      region: eu-west-1
      login: \${login}
      get:
        database: { secretId: api/staging/database }
        whole: { secretId: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:elsewhere-AbCdEf' }
  token: { 'fn::secret': { ciphertext: ${SEALED} } }
  infra: { 'fn::open::pulumi-stacks': { stacks: { infra: { stack: infra/staging } } } }
  parameters:
    fn::open::aws-parameter-store:
      region: eu-west-1
      login: \${login}
      get:
        size: { name: /api/staging/size }
`,
});
const policyOf = (role: string): object => JSON.parse(workspace.read(`api/iam/${role}/policy.json`)) as object;
const trustOf = (role: string): object => JSON.parse(workspace.read(`api/iam/${role}/trust.json`)) as object;
const SECRET = (name: string): string => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}`;
const PARAMETER = (name: string): string => `arn:aws:ssm:eu-west-1:123456789012:parameter${name}`;
const OF_GROUP = (group: string): object => ({ 'kms:EncryptionContext:nx-esc-group': group });
const VIA = (service: string): object => ({ 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` });

interface Decision {
  readonly simulator: boolean;
  readonly emulator: boolean;
}

/** Asks for all decisions in one process. */
function decide(requests: readonly object[]): Decision[] {
  const input = JSON.stringify(requests);
  return JSON.parse(execFileSync(process.execPath, [DECIDE], { input, encoding: 'utf8' })) as Decision[];
}

beforeAll(async () => {
  const options = ['--repository=acme/shop', '--account=123456789012', `--kmsKeys=${KEY}`, '--stateBucket=acme-state'];
  const args = ['g', 'nx-esc:oidc', 'api', ...options, '--pulumiCloud', '--no-interactive'];
  const { code, output } = await workspace.run('nx', args);
  if (code !== 0) throw new Error(output);
});
afterAll(() => workspace.remove());

test('the reader role may do what its environment needs, and nothing beside it', () => {
  const GET = 'secretsmanager:GetSecretValue';
  const table: [action: string, resource: string, context: object, isAllowed: boolean][] = [
    [GET, SECRET('api/staging/database-AbCdEf'), {}, true],
    [GET, SECRET('elsewhere-AbCdEf'), {}, true],
    // Names that begin or end alike are other secrets, and so is one of another region or account.
    [GET, SECRET('api/staging/database-of-others-AbCdEf'), {}, false],
    [GET, SECRET('api/staging/database-AbCdEfG'), {}, false],
    [GET, SECRET('api/prod/database-AbCdEf'), {}, false],
    [GET, SECRET('x/api/staging/database-AbCdEf'), {}, false],
    [GET, SECRET('elsewhere-AbCdEg'), {}, false],
    [GET, SECRET('api/staging/database-AbCdEf').replace('eu-west-1', 'us-east-1'), {}, false],
    ['secretsmanager:BatchGetSecretValue', '*', {}, true],
    ['secretsmanager:ListSecrets', '*', {}, false],
    ['secretsmanager:PutSecretValue', SECRET('api/staging/database-AbCdEf'), {}, false],
    ['secretsmanager:DescribeSecret', SECRET('api/staging/database-AbCdEf'), {}, false],
    ['ssm:GetParameter', PARAMETER('/api/staging/size'), {}, true],
    ['ssm:GetParameters', PARAMETER('/api/staging/size'), {}, true],
    ['ssm:GetParameter', PARAMETER('/api/staging/size2'), {}, false],
    ['ssm:GetParametersByPath', PARAMETER('/api/staging/size'), {}, false],
    ['ssm:PutParameter', PARAMETER('/api/staging/size'), {}, false],
    ['kms:Decrypt', KEY, VIA('secretsmanager'), true],
    ['kms:Decrypt', KEY, VIA('ssm'), true],
    ['kms:Decrypt', KEY, VIA('s3'), false],
    ['kms:Decrypt', KEY, {}, false],
    ['kms:Decrypt', `${KEY}0`, VIA('ssm'), false],
    ['kms:Encrypt', KEY, VIA('ssm'), false],
    ['kms:Decrypt', RECIPIENT, OF_GROUP('default'), true],
    ['kms:Decrypt', RECIPIENT, OF_GROUP('prod'), false],
    ['kms:Decrypt', RECIPIENT, {}, false],
    ['kms:Encrypt', RECIPIENT, OF_GROUP('default'), false],
    ['kms:Decrypt', `${RECIPIENT}0`, { ...OF_GROUP('default'), 'kms:RequestAlias': ALIAS }, true],
    ['kms:Decrypt', `${RECIPIENT}0`, { ...OF_GROUP('prod'), 'kms:RequestAlias': ALIAS }, false],
    ['kms:Decrypt', `${RECIPIENT}0`, OF_GROUP('default'), false],
    ['s3:ListBucket', 'arn:aws:s3:::acme-state', {}, true],
    ['s3:GetObject', 'arn:aws:s3:::acme-state/.pulumi/stacks/infra/staging.json', {}, true],
    ['s3:GetObject', 'arn:aws:s3:::acme-state/reports/2026.csv', {}, false],
    ['s3:PutObject', 'arn:aws:s3:::acme-state/.pulumi/stacks/infra/staging.json', {}, false],
    ['iam:PassRole', 'arn:aws:iam::123456789012:role/api-staging-deploy', {}, false],
  ];
  const policies = [policyOf('api-staging-esc-reader')];
  const decisions = decide(table.map(([action, resource, context]) => ({ policies, action, resource, context })));
  expect(table.map(([action, resource], index) => ({ action, resource, ...decisions[index] }))).toEqual(
    table.map(([action, resource, , isAllowed]) => ({ action, resource, simulator: isAllowed, emulator: isAllowed })),
  );
});

test('the deploy role may write the state, and read no secret', () => {
  const STATE = 'arn:aws:s3:::acme-state';
  const table: [action: string, resource: string, isAllowed: boolean][] = [
    ['s3:ListBucket', STATE, true],
    ['s3:GetObject', `${STATE}/.pulumi/stacks/api/staging.json`, true],
    ['s3:PutObject', `${STATE}/.pulumi/stacks/api/staging.json`, true],
    ['s3:DeleteObject', `${STATE}/.pulumi/locks/a.json`, true],
    ['s3:GetObject', `${STATE}/reports/2026.csv`, false],
    ['s3:ListBucket', `${STATE}-of-others`, false],
    ['s3:PutBucketPolicy', STATE, false],
    ['secretsmanager:GetSecretValue', SECRET('api/staging/database-AbCdEf'), false],
  ];
  const policies = [policyOf('api-staging-deploy')];
  const decisions = decide(table.map(([action, resource]) => ({ policies, action, resource })));
  expect(table.map(([action, resource], index) => ({ action, resource, ...decisions[index] }))).toEqual(
    table.map(([action, resource, isAllowed]) => ({ action, resource, simulator: isAllowed, emulator: isAllowed })),
  );
});

test('roles are taken on by exactly their subject, for exactly their audience', () => {
  const SUBJECT = 'repo:acme/shop:environment:staging';
  const table: [role: string, issuer: string, claims: object, isAllowed: boolean][] = [
    ['api-staging-deploy', GITHUB, { aud: 'sts.amazonaws.com', sub: SUBJECT }, true],
    ['api-staging-esc-reader', GITHUB, { aud: 'sts.amazonaws.com', sub: SUBJECT }, true],
    ...[
      'repo:acme/shop:environment:prod',
      `${SUBJECT}2`,
      SUBJECT.toUpperCase(),
      'repo:acme/shop:pull_request',
      '*',
    ].map((sub): (typeof table)[number] => ['api-staging-deploy', GITHUB, { aud: 'sts.amazonaws.com', sub }, false]),
    ['api-staging-deploy', GITHUB, { aud: 'https://github.com/acme', sub: SUBJECT }, false],
    ['api-staging-deploy', GITHUB, { aud: 'sts.amazonaws.com' }, false],
    ['api-staging-deploy', GITHUB, { sub: SUBJECT }, false],
    ['api-staging-esc-reader', PULUMI, { aud: 'aws:acme', sub: 'pulumi:environments:org:acme:env:api/staging' }, true],
    ['api-staging-esc-reader', PULUMI, { aud: 'aws:acme', sub: 'pulumi:environments:org:acme:env:api/prod' }, false],
    ['api-staging-esc-reader', PULUMI, { aud: 'aws:evil', sub: 'pulumi:environments:org:acme:env:api/staging' }, false],
    ['api-staging-deploy', PULUMI, { aud: 'aws:acme', sub: 'pulumi:environments:org:acme:env:api/staging' }, false],
  ];
  const decisions = decide(table.map(([role, issuer, claims]) => ({ trust: trustOf(role), issuer, claims })));
  expect(table.map(([role, , claims], index) => ({ role, ...claims, ...decisions[index] }))).toEqual(
    table.map(([role, , claims, isAllowed]) => ({ role, ...claims, simulator: isAllowed, emulator: isAllowed })),
  );
});

test('what denies comes before what allows', () => {
  const statement = (Effect: string, Condition?: object): object => ({
    Effect,
    Action: 's3:*',
    Resource: 'arn:aws:s3:::acme-state/*',
    ...(Condition !== undefined && { Condition }),
  });
  const policiesOf = (Statement: readonly object[]): object[] => [{ Version: '2012-10-17', Statement }];
  const resource = 'arn:aws:s3:::acme-state/a';
  const only = (account: string): object => ({ StringLike: { 'aws:PrincipalAccount': account } });
  const requests = [
    [statement('Allow'), statement('Deny')],
    [statement('Allow'), statement('Deny', only('9*'))],
    [statement('Allow', only('12345678901?'))],
    [statement('Allow', only('12345'))],
  ].map((each) => ({
    policies: policiesOf(each),
    action: 's3:GetObject',
    resource,
    context: { 'aws:PrincipalAccount': '123456789012' },
  }));
  const allowed = [false, true, true, false];
  expect(decide(requests)).toEqual(allowed.map((each) => ({ simulator: each, emulator: each })));
});
