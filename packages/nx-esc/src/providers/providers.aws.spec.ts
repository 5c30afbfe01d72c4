import { AwsEmulator, trustPolicy, type World, type WorldRequest } from '../testing/aws-emulator';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(60_000);

const SUBJECT = 'repo:acme/shop:environment:staging';
const WORLD: WorldRequest = {
  subject: SUBJECT,
  audiences: ['sts.amazonaws.com'],
  roles: {
    'api-esc-reader': { trust: trustPolicy(SUBJECT), allow: ['secretsmanager:*', 'ssm:*'], maxSessionSeconds: 3600 },
    'api-deploy': { trust: trustPolicy(SUBJECT), allow: ['s3:*', 'ecs:*'] },
  },
};
const LOGIN = `
  aws:
    region: eu-west-1
    login:
      fn::open::aws-login:
        oidc:
          roleArn: arn:aws:iam::123456789012:role/api-esc-reader
          sessionName: api-esc
`;
const MANY = Array.from({ length: 45 }, (_, index) => `many/${index}`);

/** The environment of an app: `values` under `values:`, beneath the login of the reader. */
function environment(values: string): Record<string, string> {
  return { 'api/project.json': '{"name":"api"}', 'api/esc/staging.yaml': `values:${LOGIN}${values}` };
}

describe('providers against AWS', () => {
  let emulator: AwsEmulator;
  const workspaces: TestWorkspace[] = [];

  beforeAll(async () => {
    emulator = await AwsEmulator.start();
    await emulator.seed({
      region: 'eu-west-1',
      secrets: {
        'myapp/staging/database': '{"url":"postgres://app:pa$$word@db/app"}',
        'myapp/staging/jwt': '{"secret":"jwt-signing-key"}',
        large: 'x'.repeat(64 * 1024),
        ...Object.fromEntries(MANY.map((name) => [name, `value of ${name}`])),
      },
      binaries: { binary: Buffer.from([0, 255, 1]).toString('base64') },
      parameters: [
        { Name: '/app/size', Value: 'large' },
        { Name: '/app/hosts', Value: 'a.example,b.example', Type: 'StringList' },
        { Name: '/app/key', Value: 'parameter-key', Type: 'SecureString' },
        ...Array.from({ length: 12 }, (_, index) => ({ Name: `/many/${index}`, Value: `parameter ${index}` })),
      ],
    });
  });
  afterAll(async () => {
    for (const workspace of workspaces) workspace.remove();
    await emulator.stop();
  });

  async function open(
    files: Readonly<Record<string, string>>,
    variables: NodeJS.ProcessEnv = {},
    request: WorldRequest = WORLD,
  ): Promise<{ code: number; output: string; value: unknown; world: World }> {
    const world = await emulator.createWorld(request);
    const workspace = new TestWorkspace(files);
    workspaces.push(workspace);
    workspace.variables = { ...world.env, ...variables };
    const { code, output, stdout } = await workspace.run('nx-esc', ['open', 'api/staging']);
    return { code, output, value: code === 0 ? JSON.parse(stdout) : undefined, world };
  }

  const SECRETS = `
  secrets:
    fn::open::aws-secrets:
      region: \${aws.region}
      login: \${aws.login}
      get:
        database: { secretId: myapp/staging/database }
        jwt: { secretId: myapp/staging/jwt }
  url: { fn::fromJSON: "\${secrets.database}" }
`;

  test('aws-login with the token of the CI, and secrets by its session alone', async () => {
    const { code, output, value, world } = await open(environment(SECRETS));
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(value).toMatchObject({ url: { url: 'postgres://app:pa$$word@db/app' } });
    const calls = await emulator.callsOf(world);
    // STS refuses two hours, the default of Pulumi, for a role that allows one.
    expect(calls.map(({ service, action }) => `${service}:${action}`)).toEqual([
      'token:sts.amazonaws.com',
      'sts:AssumeRoleWithWebIdentity',
      'sts:AssumeRoleWithWebIdentity',
      'secretsmanager:BatchGetSecretValue',
    ]);
    expect(calls.at(-1)?.session).toBe('arn:aws:sts::123456789012:assumed-role/api-esc-reader/api-esc');
  });

  test('many secrets: twenty at a time, each once', async () => {
    const get = MANY.map((name, index) => `        s${index}: { secretId: ${name} }`).join('\n');
    const again = MANY.map((name, index) => `        again${index}: { secretId: ${name} }`).join('\n');
    const { code, output, value, world } = await open(
      environment(`
  one:
    fn::open::aws-secrets:
      region: \${aws.region}
      login: \${aws.login}
      get:
${get}
  two:
    fn::open::aws-secrets:
      region: \${aws.region}
      login: \${aws.login}
      get:
${again}
`),
    );
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(value).toMatchObject({ one: { s44: 'value of many/44' }, two: { again0: 'value of many/0' } });
    const fetched = (await emulator.callsOf(world)).filter(({ service }) => service === 'secretsmanager');
    expect(fetched.map(({ action }) => action)).toEqual(Array(3).fill('BatchGetSecretValue'));
  });

  test('a role that may not ask for batches asks one by one', async () => {
    const reader = { trust: trustPolicy(SUBJECT), allow: ['secretsmanager:GetSecretValue'] };
    const { code, output, value } = await open(
      environment(SECRETS),
      {},
      { ...WORLD, roles: { 'api-esc-reader': reader } },
    );
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(value).toMatchObject({ secrets: { jwt: '{"secret":"jwt-signing-key"}' } });
  });

  test('binary secrets as base64, large ones, and versions', async () => {
    const { code, output, value } = await open(
      environment(`
  secrets:
    fn::open::aws-secrets:
      region: \${aws.region}
      login: \${aws.login}
      get:
        binary: { secretId: binary }
        large: { secretId: large }
        staged: { secretId: myapp/staging/jwt, versionStage: AWSCURRENT }
`),
    );
    expect({ code, output: output.slice(0, 2000) }).toMatchObject({ code: 0 });
    expect(value).toMatchObject({
      secrets: { binary: 'AP8B', large: 'x'.repeat(64 * 1024), staged: '{"secret":"jwt-signing-key"}' },
    });
  });

  test('parameters: texts, lists, decrypted ones, versions, more than ten', async () => {
    const many = Array.from({ length: 12 }, (_, index) => `        p${index}: { name: /many/${index} }`).join('\n');
    const { code, output, value } = await open(
      environment(`
  parameters:
    fn::open::aws-parameter-store:
      region: \${aws.region}
      login: \${aws.login}
      get:
        size: { name: /app/size }
        first: { name: "/app/size:1" }
        hosts: { name: /app/hosts }
        key: { name: /app/key, decrypt: true }
        sealed: { name: /app/key }
${many}
`),
    );
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(value).toMatchObject({
      parameters: {
        size: 'large',
        first: 'large',
        hosts: ['a.example', 'b.example'],
        key: 'parameter-key',
        p11: 'parameter 11',
      },
    });
    const { parameters } = value as { parameters: Record<string, string> };
    expect(parameters.sealed).not.toBe('parameter-key');
  });

  const READERLESS = {
    'api/project.json': '{"name":"api"}',
    'api/esc/staging.yaml': `values:
  secrets:
    fn::open::aws-secrets:
      region: eu-west-1
      get:
        jwt: { secretId: myapp/staging/jwt }
`,
  };
  const ROLE = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

  /** An nx.json that gives an environment its identities. */
  function nxJson(environments: object): Record<string, string> {
    const plugin = { plugin: 'nx-esc/plugin', options: { organization: 'acme', environments } };
    return { 'nx.json': JSON.stringify({ plugins: [plugin], analytics: false }) };
  }

  test('without a login the reader role of nx.json fetches, in a session that carries the subject and the run', async () => {
    const { code, output, world } = await open({
      ...nxJson({ staging: { deployRole: ROLE('api-deploy'), readerRole: ROLE('api-esc-reader') } }),
      ...READERLESS,
    });
    expect({ code, output }).toMatchObject({ code: 0 });
    expect((await emulator.callsOf(world)).at(-1)).toMatchObject({
      action: 'GetSecretValue',
      session: 'arn:aws:sts::123456789012:assumed-role/api-esc-reader/repo-acme-shop-environment-staging-4711',
    });
  });

  const LAPTOP = {
    GITHUB_ACTIONS: undefined,
    ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY',
  };

  test('on a laptop the session that is there stands in for the role of a login, and it is said', async () => {
    const { code, output, value } = await open(environment(SECRETS), LAPTOP);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/no OIDC token here: arn:aws:sts::123456789012:user\/moto stands in for the role/);
    expect(value).toMatchObject({ aws: { login: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } } });
  });

  test('or it assumes the role, where nx.json says so', async () => {
    const { code, output, world } = await open(
      { ...environment(SECRETS), ...nxJson({ 'api/staging': { withoutOidc: 'assume-role' } }) },
      LAPTOP,
    );
    expect({ code, output }).toMatchObject({ code: 0 });
    const calls = await emulator.callsOf(world);
    expect(calls.map(({ action }) => action)).toContain('AssumeRole');
    expect(calls.at(-1)?.session).toBe('arn:aws:sts::123456789012:assumed-role/api-esc-reader/api-esc');
  });

  test('static keys are passed on', async () => {
    const { code, value } = await open({
      'api/project.json': '{"name":"api"}',
      'api/esc/staging.yaml': `values:
  login:
    fn::open::aws-login:
      static: { accessKeyId: AKIA1, secretAccessKey: { fn::secret: very-secret-key } }
`,
    });
    expect({ code, value }).toEqual({
      code: 0,
      value: { login: { accessKeyId: 'AKIA1', secretAccessKey: 'very-secret-key' } },
    });
  });

  test('oidc and debug-oidc-claims answer with the token of the CI', async () => {
    const { code, output, value } = await open({
      'api/project.json': '{"name":"api"}',
      'api/esc/staging.yaml': `values:
  token: { fn::open::oidc: { audience: "https://vault.example", identityToken: { version: v2 } } }
  claims: { fn::open::debug-oidc-claims: { audience: "https://vault.example" } }
`,
    });
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(value).toMatchObject({ claims: { sub: SUBJECT, aud: 'https://vault.example' } });
    expect((value as { token: string }).token.split('.')).toHaveLength(3);
  });

  test('whoami tells each identity, its source and its end', async () => {
    const world = await emulator.createWorld(WORLD);
    const workspace = new TestWorkspace({
      ...environment(SECRETS),
      ...nxJson({
        staging: { account: '123456789012', readerRole: ROLE('api-esc-reader') },
        'api/staging': { deployRole: { role: ROLE('api-deploy'), duration: '30m' } },
      }),
    });
    workspaces.push(workspace);
    workspace.variables = world.env;
    const { code, stdout, output } = await workspace.run('nx-esc', ['whoami', 'api', '--env=staging', '--format=json']);
    expect({ code, output }).toMatchObject({ code: 0 });
    const identities = JSON.parse(stdout) as { expiration: string }[];
    const name = 'repo-acme-shop-environment-staging-4711';
    expect(identities).toMatchObject([
      { role: 'deploy', arn: `arn:aws:sts::123456789012:assumed-role/api-deploy/${name}`, account: '123456789012' },
      { role: 'reader', arn: expect.stringContaining('api-esc-reader') as string, subject: SUBJECT, sessionName: name },
    ]);
    expect(Date.parse(identities[0]?.expiration ?? '')).toBeLessThan(Date.parse(identities[1]?.expiration ?? ''));
    const table = await workspace.run('nx-esc', ['whoami', '--env=staging']);
    expect(table.output).toMatch(
      /reader {3}arn:aws:sts.*\n {2}for {6}staging, api\/staging\n {2}account {2}123456789012\n {2}from {5}OIDC token of GitHub Actions/,
    );
    expect(table.output).toMatch(/deploy {3}arn:aws:sts.*\n {2}for {6}api\/staging\n/);
    // Without an environment only the session of the machine is asked for, and here is none.
    const bare = await workspace.run('nx-esc', ['whoami']);
    expect(bare).toMatchObject({ code: 20, output: expect.stringContaining('identity/no-credentials') as string });
    expect(bare.output).toContain('nx.json gives roles to staging, api/staging: name one of them with --env\n');
  });
});
