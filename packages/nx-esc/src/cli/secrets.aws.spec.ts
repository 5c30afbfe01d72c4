import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateUserCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { AwsEmulator, trustPolicy } from '../testing/aws-emulator';
import { Person } from '../testing/person';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(120_000);

const CREDENTIALS = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const DEV = 'apps/api/esc/dev.yaml';

let emulator: AwsEmulator;
let workspace: TestWorkspace;
let anna: Person;
/** Has no key of its own, but a session of AWS. */
let pipeline: Person;

beforeAll(async () => {
  emulator = await AwsEmulator.start();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  workspace = new TestWorkspace({ 'apps/api/project.json': '{"name": "api"}', [DEV]: 'values: {}\n' });
  anna = new Person(workspace.root);
  pipeline = new Person(workspace.root, emulator.motoEnv);
  await anna.run(['keys', 'new']);
  await anna.run(['recipient', 'add', 'anna']);
});
afterEach(() => {
  for (const each of [anna, pipeline, workspace]) each.remove();
});

describe('a key of AWS KMS', () => {
  let kms: KMSClient;
  let arn: string;

  beforeEach(async () => {
    kms = new KMSClient({ endpoint: emulator.moto, region: 'eu-west-1', credentials: CREDENTIALS });
    arn = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn as string;
  });
  afterEach(() => kms.destroy());

  test('opens secrets that were added without AWS', async () => {
    expect(await pipeline.run(['recipient', 'add', 'ci', arn])).toMatchObject({ code: 0 });
    // The first secret seals the group's key for KMS; those after it do without.
    expect(await pipeline.run(['secret', 'set', 'api/dev', 'first'], { input: 'one' })).toMatchObject({ code: 0 });
    expect(await anna.run(['secret', 'set', 'api/dev', 'second'], { input: 'two' })).toMatchObject({ code: 0 });
    const opened = await pipeline.run(['open', 'api/dev']);
    expect(JSON.parse(opened.stdout)).toEqual({ first: 'one', second: 'two' });
    // Of the SDK: it is not the user's to mend.
    expect(opened.stderr).not.toContain('Warning');
    expect((await anna.run(['open', 'api/dev'])).stdout).toBe(opened.stdout);
  });

  test('is called as the reader role of nx.json, with no more than the token of the job', async () => {
    await pipeline.run(['recipient', 'add', 'ci', arn]);
    await pipeline.run(['secret', 'set', 'api/dev', 'first'], { input: 'one' });
    const subject = 'repo:acme/shop:environment:dev';
    const reader = { trust: trustPolicy(subject), allow: ['kms:Decrypt'] };
    const world = await emulator.createWorld({ subject, audiences: ['sts.amazonaws.com'], roles: { reader } });
    const environments = { dev: { readerRole: 'arn:aws:iam::123456789012:role/reader' } };
    workspace.write({
      'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options: { environments } }] }),
    });
    const job = new Person(workspace.root, world.env);
    expect(await job.run(['open', 'api/dev', 'first', '--format=string'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^one$/m) as string,
    });
    job.remove();
    expect(await emulator.callsOf(world)).toContainEqual(
      expect.objectContaining({
        service: 'kms',
        action: 'Decrypt',
        session: expect.stringContaining(':assumed-role/reader/repo-acme-shop-environment-dev') as string,
      }),
    );
  });

  test('that cannot be used fails as such, and for others nothing changes', async () => {
    await pipeline.run(['recipient', 'add', 'ci', arn]);
    await pipeline.run(['secret', 'set', 'api/dev', 'first'], { input: 'one' });
    // The server forgets everything, this key included.
    await fetch(`${emulator.moto}/moto-api/reset`, { method: 'POST' });
    expect(await pipeline.run(['open', 'api/dev'])).toMatchObject({
      code: 30,
      stdout: '',
      stderr: expect.stringMatching(/^secrets\/kms-key-unusable: apps\/api\/esc\/dev\.yaml:\d+:\d+: /) as string,
    });
    expect(await anna.run(['secret', 'get', 'api/dev', 'first'])).toMatchObject({ code: 0, stdout: 'one' });
    const nobody = new Person(workspace.root, { AWS_EC2_METADATA_DISABLED: 'true', AWS_ENDPOINT_URL: emulator.moto });
    expect(await nobody.run(['open', 'api/dev'])).toMatchObject({
      code: 20,
      stderr: expect.stringContaining('identity/no-credentials') as string,
    });
    nobody.remove();
    const cutOff = new Person(workspace.root, {
      ...emulator.motoEnv,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_MAX_ATTEMPTS: '1',
    });
    expect(await cutOff.run(['open', 'api/dev'])).toMatchObject({
      code: 30,
      stderr: expect.stringContaining('secrets/kms-unreachable') as string,
    });
    cutOff.remove();
  });
});

describe('rotating', () => {
  let iam: IAMClient;
  let user: string;
  let count = 0;

  beforeEach(async () => {
    iam = new IAMClient({ endpoint: emulator.moto, region: 'us-east-1', credentials: CREDENTIALS });
    user = `user-${(count += 1)}`;
    const { User } = await iam.send(new CreateUserCommand({ UserName: user }));
    workspace.write({
      [DEV]: `# rotated by the pipeline
values:
  admin:
    accessKeyId: testing
    secretAccessKey: {fn::secret: testing}

  keys: # of ${user}
    fn::rotate::aws-iam:
      inputs:   {login: "\${admin}", userArn: "${User?.Arn ?? ''}"}   # why
  password:
    fn::rotate::password:
      inputs: {length: 30}
  AWS_ACCESS_KEY_ID: \${keys.current.accessKeyId}
`,
    });
    await anna.run(['encrypt']);
  });
  afterEach(() => iam.destroy());

  const rotate = (...args: string[]): ReturnType<Person['run']> =>
    anna.run(['rotate', 'api/dev', ...args], { env: emulator.motoEnv });
  const keysOfUser = async (): Promise<string[]> =>
    ((await iam.send(new ListAccessKeysCommand({ UserName: user }))).AccessKeyMetadata ?? [])
      .map(({ AccessKeyId }) => AccessKeyId as string)
      .sort();
  const open = async (): Promise<{
    keys: Record<'current' | 'previous', { accessKeyId: string; secretAccessKey: string } | undefined>;
    password: Record<string, string>;
  }> => JSON.parse((await anna.run(['open', 'api/dev'])).stdout) as never;

  test('keeps the key before, writes encrypted states, and touches nothing else', async () => {
    const before = workspace.read(DEV);
    expect(await anna.run(['open', 'api/dev'])).toMatchObject({
      code: 10,
      stderr: expect.stringMatching(/has not been rotated yet[^]*nx-esc rotate/) as string,
    });
    expect(await rotate('--dry-run')).toMatchObject({ code: 0, stdout: 'would rotate keys\nwould rotate password\n' });
    expect(workspace.read(DEV)).toBe(before);
    expect(await keysOfUser()).toEqual([]);

    expect(await rotate()).toMatchObject({ code: 0, stdout: '✓ rotated keys\n✓ rotated password\n' });
    const first = await open();
    expect(await keysOfUser()).toEqual([first.keys.current?.accessKeyId]);
    expect(first.password.current).toHaveLength(30);

    expect(await rotate('keys')).toMatchObject({ code: 0, stdout: '✓ rotated keys\n' });
    const second = await open();
    expect(second.keys.previous).toEqual(first.keys.current);
    expect(second.password).toEqual(first.password);
    expect(await rotate('keys')).toMatchObject({ code: 0 });
    const third = await open();
    expect(third.keys.previous).toEqual(second.keys.current);
    expect(await keysOfUser()).toEqual([second.keys.current?.accessKeyId, third.keys.current?.accessKeyId].sort());

    // What a rotation has written passes every check, a committer's too.
    const checked = await anna.run(['check', 'api/dev', '--format=json']);
    expect(checked.stdout).not.toContain('exposed-credential');

    const lines = workspace.read(DEV).split('\n');
    expect(before.split('\n').filter((line) => !lines.includes(line))).toEqual([]);
    for (const secret of [third.keys.current?.secretAccessKey, third.password.current])
      expect(workspace.filesWith(secret as string)).toEqual([]);
  });

  test('what fails in the midst loses neither the old credential nor a new one', async () => {
    await rotate();
    const before = await open();
    workspace.write({
      [DEV]: `${workspace.read(DEV)}  broken:\n    fn::rotate::postgres:\n      inputs: {database: {host: h, port: 1, database: d, managingUser: {username: u}}, rotateUsers: {username1: a, username2: b}}\n`,
    });
    const result = await rotate();
    expect(result).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('rotator "postgres" is not available on the local backend') as string,
    });
    expect(result.stdout).toBe(
      '✗ broken: rotator "postgres" is not available on the local backend\n✓ rotated keys\n✓ rotated password\n',
    );
    workspace.write({ [DEV]: workspace.read(DEV).replace(/ {2}broken:[^]*/, '') });
    const after = await open();
    expect(after.keys.previous).toEqual(before.keys.current);
    expect(await keysOfUser()).toEqual([before.keys.current?.accessKeyId, after.keys.current?.accessKeyId].sort());
  });

  test('a login that AWS refuses, or a user that is not there, changes nothing', async () => {
    const broken = workspace.read(DEV).replace(`user/${user}`, 'user/nobody');
    workspace.write({ [DEV]: broken });
    expect(await rotate('keys')).toMatchObject({
      code: 30,
      stderr: expect.stringContaining('secrets/secret-not-found') as string,
    });
    expect(workspace.read(DEV)).toBe(broken);
  });

  test('a key that the state does not know is never deleted', async () => {
    await rotate('keys');
    await rotate('keys');
    const keys = await keysOfUser();
    // The state that the second rotation wrote was lost.
    const text = workspace.read(DEV);
    workspace.write({ [DEV]: text.replace(/ {6}state:\n[^]*?(?= {2}password:)/, '') });
    expect(await rotate('keys')).toMatchObject({
      code: 30,
      stderr: expect.stringMatching(/has two access keys, and the state does not know AKIA\w+ and AKIA\w+/) as string,
    });
    expect(await keysOfUser()).toEqual(keys);
  });
});
