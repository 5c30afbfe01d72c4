import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AwsEmulator, type World } from '../../testing/aws-emulator';
import { type CommandResult, TestWorkspace } from '../../testing/test-workspace';

jest.setTimeout(60_000);

interface ReceivedRequest {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

describe('fn::open::external', () => {
  let emulator: AwsEmulator;
  let world: World;
  let server: Server;
  let workspace: TestWorkspace;
  const received: ReceivedRequest[] = [];
  let answer: { status: number; body: string } = { status: 200, body: '{"token":"from-the-service","size":1.50}' };

  beforeAll(async () => {
    emulator = await AwsEmulator.start();
    world = await emulator.createWorld({ subject: 'repo:acme/shop:ref:refs/heads/main', audiences: [], roles: {} });
    server = createServer(world.certificate, (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(answer.status).end(answer.body);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    workspace = new TestWorkspace({
      'api/project.json': '{"name":"api"}',
      'api/esc/staging.yaml': `values:
  adapter:
    fn::open::external:
      url: ${url()}
      request: { path: app/db, count: 3 }
`,
      'ca.pem': world.certificate.cert,
      'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    });
  });
  afterAll(async () => {
    server.close();
    workspace.remove();
    await emulator.stop();
  });

  function url(): string {
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/adapter`;
  }

  function open(variables: NodeJS.ProcessEnv = {}, args: readonly string[] = []): Promise<CommandResult> {
    workspace.variables = { ...world.env, NODE_EXTRA_CA_CERTS: `${workspace.root}/ca.pem`, ...variables };
    return workspace.run('nx-esc', ['open', 'api/staging', ...args]);
  }

  function claimsOf({ headers }: ReceivedRequest): Record<string, unknown> {
    const [, claims = ''] = String(headers.authorization).replace('Bearer ', '').split('.');
    return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  }

  test('sends the token of the CI, which is for the URL', async () => {
    const { code, stdout, output } = await open();
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toEqual({ adapter: { response: { token: 'from-the-service', size: 1.5 } } });
    const request = received.at(-1) as ReceivedRequest;
    expect(JSON.parse(request.body)).toEqual({ path: 'app/db', count: 3 });
    expect(request.headers['content-type']).toBe('application/json');
    expect(claimsOf(request)).toMatchObject({ aud: url(), iss: 'https://token.actions.githubusercontent.com' });
  });

  test('the response is secret', async () => {
    const { stdout } = await open({}, ['--redact']);
    expect(JSON.parse(stdout)).toEqual({ adapter: { response: '[secret]' } });
  });

  test('signs with a key of its own where one is set: hash of the body, and never as Pulumi', async () => {
    const key = { NX_ESC_SIGNING_KEY_FILE: `${workspace.root}/key.pem`, NX_ESC_ISSUER: 'https://esc.acme.example' };
    const { code, output } = await open(key);
    expect({ code, output }).toMatchObject({ code: 0 });
    const request = received.at(-1) as ReceivedRequest;
    expect(claimsOf(request)).toMatchObject({
      iss: 'https://esc.acme.example',
      aud: url(),
      root_env: 'api/staging',
      body_hash: `sha256-${createHash('sha256').update(request.body).digest('base64')}`,
    });
    const [header, claims, signature = ''] = String(request.headers.authorization).replace('Bearer ', '').split('.');
    const signed = Buffer.from(`${header}.${claims}`);
    expect(verify('RSA-SHA256', signed, createPublicKey(privateKey), Buffer.from(signature, 'base64url'))).toBe(true);
    const refused = await open({ ...key, NX_ESC_ISSUER: 'https://api.pulumi.com/oidc' });
    expect(refused).toMatchObject({ code: 10, output: expect.stringMatching(/config\/option-invalid/) as string });
  });

  test.each([
    [403, '{}', 30, /secrets\/secret-access-denied: api\/esc\/staging\.yaml:4:12/],
    [404, '{}', 30, /secrets\/external-failed: .*answers 404/],
    [200, '["list"]', 30, /secrets\/external-failed: .*does not answer with a JSON object/],
  ])('answer %i %s', async (status, body, code, message) => {
    answer = { status, body };
    expect(await open()).toMatchObject({ code, output: expect.stringMatching(message) as string });
  });

  test('refuses a certificate that is not trusted', async () => {
    const { code, output } = await open({ NODE_EXTRA_CA_CERTS: undefined });
    expect({ code, output }).toMatchObject({
      code: 30,
      output: expect.stringMatching(/secret-store-unreachable.*TLS/),
    });
  });

  test('outside of a CI there is no token', async () => {
    const { code, output } = await open({
      GITHUB_ACTIONS: undefined,
      ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
    });
    expect({ code, output }).toMatchObject({ code: 20, output: expect.stringMatching(/identity\/no-oidc-token/) });
  });
});
