import { execFileSync, spawnSync } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleWithWebIdentityCommand, type Credentials, STSClient } from '@aws-sdk/client-sts';
import { AwsEmulator, type World } from '../../testing/aws-emulator';
import { TestWorkspace } from '../../testing/test-workspace';

jest.setTimeout(120_000);

const PROVISION = resolve(__dirname, '../../../../../tools/checkers/provision.mjs');
const REGION = 'eu-west-1';
const SUBJECT = 'repo:acme/shop:environment:staging';
const SECRETS = ['--secrets=database=myapp/{environment}/database#url', '--secrets=jwt=myapp/{environment}/jwt'];
const GENERATORS = [
  ['environment', 'api', ...SECRETS, `--region=${REGION}`],
  ['oidc', 'api', '--repository=acme/shop', '--account=123456789012'],
];
const ROLE = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

interface AssumeOptions {
  readonly subject?: string;
  readonly audience?: string;
  readonly sessionPolicy?: object;
}

/** The roles that are generated, made by the script that is generated, with an IAM that holds to their policies. */
describe('generated roles', () => {
  const workspace = new TestWorkspace({ 'api/project.json': '{"name":"api"}' });
  let emulator: AwsEmulator;
  let world: World;
  let commands: string;

  beforeAll(async () => {
    commands = execFileSync(process.execPath, [PROVISION], { encoding: 'utf8' }).trim();
    emulator = await AwsEmulator.start();
    const secrets = Object.fromEntries(
      ['staging', 'prod'].flatMap((environment) => [
        [`myapp/${environment}/database`, JSON.stringify({ url: `postgres://${environment}` })],
        [`myapp/${environment}/jwt`, `jwt of ${environment}`],
        [`myapp/${environment}/jwt-of-others`, 'of others'],
      ]),
    );
    await emulator.seed({ region: REGION, secrets });
    for (const [generator, ...args] of GENERATORS) {
      const { code, output } = await workspace.run('nx', ['g', `nx-esc:${generator}`, ...args, '--no-interactive']);
      if (code !== 0) throw new Error(output);
    }
    world = await emulator.createWorld({ subject: SUBJECT, audiences: [], roles: {}, iam: true });
  });
  afterAll(async () => {
    workspace.remove();
    await emulator.stop();
  });

  function createRoles(): { status: number | null; stderr: string } {
    return spawnSync(join(workspace.root, 'api/iam/create-roles.sh'), {
      encoding: 'utf8',
      env: {
        PATH: `${commands}${delimiter}${process.env.PATH ?? ''}`,
        AWS_ENDPOINT_URL: emulator.moto,
        AWS_ACCESS_KEY_ID: 'administrator',
        AWS_SECRET_ACCESS_KEY: 'administrator',
        AWS_DEFAULT_REGION: REGION,
        AWS_PAGER: '',
      },
    });
  }

  async function assume(
    role: string,
    { subject = SUBJECT, audience = 'sts.amazonaws.com', sessionPolicy }: AssumeOptions = {},
  ): Promise<Credentials> {
    const client = new STSClient({ endpoint: world.url, region: REGION });
    const WebIdentityToken = await emulator.issueToken({ subject, audience });
    const Policy = sessionPolicy === undefined ? undefined : JSON.stringify(sessionPolicy);
    const request = { RoleArn: ROLE(role), RoleSessionName: 'test', WebIdentityToken, Policy };
    const { Credentials } = await client.send(new AssumeRoleWithWebIdentityCommand(request));
    return Credentials as Credentials;
  }

  async function read(role: string, SecretId: string, options?: AssumeOptions): Promise<string | undefined> {
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = await assume(role, options);
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const client = new SecretsManagerClient({ endpoint: world.url, region: REGION, credentials });
    return (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  }

  test('nobody takes on a role before it is made', async () => {
    await expect(assume('api-staging-esc-reader')).rejects.toThrow('Not authorized');
  });

  test('the script makes them, and can be run again', () => {
    expect(createRoles()).toMatchObject({ status: 0, stderr: '' });
    expect(createRoles()).toMatchObject({ status: 0, stderr: '' });
  });

  test('a job of the environment opens it with them, and names itself', async () => {
    workspace.variables = world.env;
    const opened = await workspace.run('nx-esc', ['open', 'api/staging']);
    expect(opened).toMatchObject({ code: 0 });
    expect(opened.stdout).toContain('postgres://staging');
    const { code, stdout } = await workspace.run('nx-esc', ['whoami', '--env=staging', '--format=json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { role: 'deploy', environments: ['api/staging'], subject: SUBJECT },
      { role: 'reader', environments: ['api/staging'], subject: SUBJECT },
    ]);
  });

  test('a job of the environment opens no other', async () => {
    workspace.variables = world.env;
    const { code, output } = await workspace.run('nx-esc', ['open', 'api/prod']);
    expect(code).toBe(20);
    expect(output).toContain(SUBJECT);
  });

  test('the reader role reads its secrets', async () => {
    expect(await read('api-staging-esc-reader', 'myapp/staging/jwt')).toBe('jwt of staging');
  });

  test.each(['myapp/prod/jwt', 'myapp/staging/jwt-of-others', 'myapp/staging/unknown'])(
    'the reader role does not read %s',
    async (secret) => {
      await expect(read('api-staging-esc-reader', secret)).rejects.toThrow('not authorized to perform');
    },
  );

  test('a session reads what both its role and its own policy allow', async () => {
    const allow = (name: string): object => ({
      Effect: 'Allow',
      Action: 'secretsmanager:*',
      Resource: `arn:aws:secretsmanager:${REGION}:123456789012:secret:myapp/${name}-*`,
    });
    const sessionPolicy = { Version: '2012-10-17', Statement: [allow('staging/database'), allow('prod/database')] };
    const readWith = (secret: string): Promise<string | undefined> =>
      read('api-staging-esc-reader', secret, { sessionPolicy });
    expect(await readWith('myapp/staging/database')).toContain('postgres://staging');
    await expect(readWith('myapp/staging/jwt')).rejects.toThrow('not authorized to perform');
    await expect(readWith('myapp/prod/database')).rejects.toThrow('not authorized to perform');
  });

  test('the deploy role reads none', async () => {
    await expect(read('api-staging-deploy', 'myapp/staging/jwt')).rejects.toThrow('not authorized to perform');
  });

  test.each(['api-staging-esc-reader', 'api-staging-deploy'])('%s is for that subject and audience', async (role) => {
    expect(await assume(role)).toHaveProperty('AccessKeyId');
    for (const subject of [
      'repo:acme/shop:environment:prod',
      'repo:acme/shop:environment:staging2',
      'repo:acme/shop:ref:refs/heads/main',
      'repo:acme/shop:pull_request',
      'repo:mallory/shop:environment:staging',
    ]) {
      await expect(assume(role, { subject })).rejects.toThrow('Not authorized');
    }
    await expect(assume(role, { audience: 'https://github.com/acme' })).rejects.toThrow('Incorrect token audience');
  });
});
