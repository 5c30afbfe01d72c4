import { AwsEmulator, trustPolicy, type World, type WorldRequest } from '../testing/aws-emulator';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(180_000);

const SUBJECT = 'repo:acme/shop:environment:staging';
const ROLE = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
const PRINT_ENVIRONMENT = `
const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN', 'AWS_REGION', 'JWT_SECRET'];
console.log('WHO has no token of the job:', process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN);
console.log('WHO sees', names.map((name) => name + '=' + process.env[name]).join(' '));
`;
const ENVIRONMENT = `values:
  secrets:
    fn::open::aws-secrets:
      region: eu-west-1
      get: { jwt: { secretId: myapp/staging/jwt } }
  environmentVariables:
    JWT_SECRET: \${secrets.jwt}
`;

const WORLD: WorldRequest = {
  subject: SUBJECT,
  audiences: ['sts.amazonaws.com'],
  roles: {
    deploy: { trust: trustPolicy(SUBJECT), allow: [] },
    reader: { trust: trustPolicy(SUBJECT), allow: ['secretsmanager:GetSecretValue'] },
  },
};
/** Asks for credentials twice, as a long deployment does. */
const ASK_TWICE = `
const ask = async () => {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env;
  return (await (await fetch(uri, { headers: { authorization } })).json()).AccessKeyId;
};
module.exports = async () => {
  const keys = [await ask(), await ask()];
  console.log('the program got', new Set(keys).size, 'sessions');
};
`;

describe('a deployment with the roles of nx.json', () => {
  let emulator: AwsEmulator;
  let world: World;
  let workspace: TestWorkspace;

  beforeAll(async () => {
    emulator = await AwsEmulator.start();
    await emulator.seed({ region: 'eu-west-1', secrets: { 'myapp/staging/jwt': 'jwt-signing-key' } });
    world = await emulator.createWorld(WORLD);
    const options = {
      environments: { staging: { region: 'eu-west-1', deployRole: ROLE('deploy'), readerRole: ROLE('reader') } },
    };
    workspace = new TestWorkspace({
      'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options }], analytics: false }),
      'api/Pulumi.yaml': 'name: api\nruntime: nodejs\nmain: index.js\n',
      'api/Pulumi.staging.yaml': 'environment:\n  - api/staging\n',
      'api/package.json': '{"name":"api"}',
      'api/project.json': JSON.stringify({
        name: 'api',
        targets: { deploy: { options: { commands: ['node after.js'] } } },
      }),
      'api/index.js': PRINT_ENVIRONMENT.replaceAll('WHO', 'the program'),
      'api/after.js': PRINT_ENVIRONMENT.replaceAll('WHO', 'the command'),
      'api/esc/staging.yaml': ENVIRONMENT,
    });
    workspace.variables = world.env;
  });
  afterAll(async () => {
    workspace.remove();
    await emulator.stop();
  });

  async function deploy(): Promise<{ code: number; output: string; failure: unknown }> {
    const { code, output } = await workspace.run('nx', [
      'run',
      'api:deploy',
      '--env=staging',
      '--output-style=stream',
      '--summaryFile=.cache/summary.json',
    ]);
    const { failure } = JSON.parse(workspace.read('.cache/summary.json')) as { failure?: unknown };
    return { code, output, failure };
  }

  test('gives pulumi renewed credentials, commands their own, and prints none', async () => {
    const { code, output } = await deploy();
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('deploy as deploy/repo-acme-shop-environment-staging-4711 in 123456789012');
    expect(output).toMatch(
      /the program sees AWS_ACCESS_KEY_ID=undefined AWS_SECRET_ACCESS_KEY=undefined AWS_CONTAINER_CREDENTIALS_FULL_URI=http:\/\/127\.0\.0\.1:\d+\/credentials AWS_CONTAINER_AUTHORIZATION_TOKEN=\[secret\] AWS_REGION=eu-west-1 JWT_SECRET=\[secret\]/,
    );
    expect(output).toMatch(
      /the command sees AWS_ACCESS_KEY_ID=ASIA\w+ AWS_SECRET_ACCESS_KEY=\[secret\] AWS_CONTAINER_CREDENTIALS_FULL_URI=undefined AWS_CONTAINER_AUTHORIZATION_TOKEN=undefined AWS_REGION=eu-west-1 JWT_SECRET=\[secret\]/,
    );
    const calls = await emulator.callsOf(world);
    // Opened twice, fetched once; and one session for each role.
    expect(calls.filter(({ service }) => service === 'secretsmanager')).toHaveLength(1);
    expect(calls.filter(({ action }) => action === 'AssumeRoleWithWebIdentity')).toHaveLength(2);
    expect(workspace.filesWith('jwt-signing-key')).toEqual([]);
    const { stdout } = await workspace.run('nx-esc', ['audit', '--format=json', '--env=staging']);
    const who = { subject: SUBJECT, arn: expect.stringContaining(':assumed-role/deploy/repo-acme-shop') };
    const secrets = ['environmentVariables.JWT_SECRET', 'secrets.jwt'];
    expect(JSON.parse(stdout)).toMatchObject([
      { operation: 'open', who, secrets },
      { operation: 'open', who, secrets },
      {
        operation: 'deploy',
        stack: 'api/staging',
        environment: 'api/Pulumi.staging.yaml',
        who,
        secrets,
        outcome: 'succeeded',
      },
    ]);
    expect(output).toContain('the program has no token of the job: undefined');
    expect(output).toContain('the command has no token of the job: undefined');
  });

  test('renews sessions that are ending', async () => {
    const short = await emulator.createWorld({ ...WORLD, sessionSeconds: 60 });
    workspace.variables = short.env;
    workspace.write({ 'api/index.js': ASK_TWICE });
    const { code, output } = await deploy();
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('the program got 2 sessions');
  });

  test('fails as identity while AWS is down', async () => {
    workspace.variables = { ...world.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:59' };
    const { code, failure } = await deploy();
    expect({ code, failure }).toMatchObject({
      code: 1,
      failure: { class: 'identity', code: 'sts-unreachable', exitCode: 20 },
    });
  });

  test('and says beside it what is wrong with the environment', async () => {
    workspace.write({ 'api/esc/staging.yaml': `${ENVIRONMENT}    URL: \${secrest.url}\n` });
    const { output, failure } = await deploy();
    expect(failure).toMatchObject({ class: 'config', code: 'unknown-property', exitCode: 10 });
    expect(output).toMatch(/config\/unknown-property: api\/esc\/staging\.yaml:8:12[^]*also identity\/sts-unreachable/);
  });

  test('fails as secrets where a secret is missing', async () => {
    workspace.variables = world.env;
    workspace.write({ 'api/esc/staging.yaml': ENVIRONMENT.replace('staging/jwt', 'staging/jtw') });
    const { failure } = await deploy();
    expect(failure).toMatchObject({ class: 'secrets', code: 'secret-not-found', exitCode: 30 });
  });
});
