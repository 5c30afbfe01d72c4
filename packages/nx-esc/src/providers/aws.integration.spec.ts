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

  test('aws-login with the token of the CI, and secrets of its session', async () => {
    const { code, output, value } = await open(
      environment(`
  secrets:
    fn::open::aws-secrets:
      region: \${aws.region}
      login: \${aws.login}
      get:
        database: { secretId: myapp/staging/database }
        jwt: { secretId: myapp/staging/jwt }
  url: { fn::fromJSON: "\${secrets.database}" }
`),
    );
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(value).toMatchObject({ url: { url: 'postgres://app:pa$$word@db/app' } });
  });
});
