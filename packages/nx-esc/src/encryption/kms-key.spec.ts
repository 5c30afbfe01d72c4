import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadAge } from './age';
import { createKmsIdentity, createKmsRecipient } from './kms-key';

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/1';
const ACCESS = { env: { NX_ESC_TIMEOUT: '3' } };
const CONTEXT = { group: 'prod', publicKey: 'age1example' };

let server: Server;
let answer: { status: number; body: object };
const requests: { target: string; body: Record<string, unknown> }[] = [];
const env = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      requests.push({ target: String(request.headers['x-amz-target']), body: JSON.parse(body) as never });
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ACCESS_KEY_ID = 'testing';
  process.env.AWS_SECRET_ACCESS_KEY = 'testing';
});
afterAll(async () => {
  process.env = env;
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function decrypt(): Promise<Uint8Array | null> {
  const { Stanza } = await loadAge();
  return createKmsIdentity(CONTEXT, ACCESS).unwrapFileKey([new Stanza(['nx-esc/aws-kms', ARN], Buffer.from('blob'))]);
}

test('calls are bound to the group and its key', async () => {
  answer = { status: 200, body: { CiphertextBlob: Buffer.from('blob').toString('base64') } };
  const [stanza] = await createKmsRecipient(await loadAge(), ARN, CONTEXT, ACCESS).wrapFileKey(Buffer.alloc(16));
  expect(stanza?.args).toEqual(['nx-esc/aws-kms', ARN]);
  expect(requests.at(-1)).toMatchObject({
    target: 'TrentService.Encrypt',
    body: { KeyId: ARN, EncryptionContext: { 'nx-esc-group': 'prod', 'nx-esc-key': 'age1example' } },
  });
  answer = { status: 200, body: { Plaintext: Buffer.from('file key').toString('base64') } };
  expect(Buffer.from((await decrypt()) as Uint8Array).toString()).toBe('file key');
  expect(requests.at(-1)?.body.EncryptionContext).toEqual({ 'nx-esc-group': 'prod', 'nx-esc-key': 'age1example' });
});

test.each([
  ['AccessDeniedException', 'secrets', 'kms-denied', `AWS KMS denies kms:Decrypt on ${ARN}`],
  ['DisabledException', 'secrets', 'kms-key-unusable', 'DisabledException'],
  ['NotFoundException', 'secrets', 'kms-key-unusable', 'NotFoundException'],
  ['InvalidCiphertextException', 'secrets', 'kms-key-unusable', 'InvalidCiphertextException'],
  ['ExpiredTokenException', 'identity', 'sts-token-expired', 'has expired'],
  ['SomethingElse', 'secrets', 'kms-unreachable', 'SomethingElse'],
])('%s is %s/%s', async (type, failureClass, code, text) => {
  answer = { status: 400, body: { __type: type, message: 'do not repeat' } };
  const failing = decrypt();
  await expect(failing).rejects.toMatchObject({ failureClass, code, message: expect.stringContaining(text) as string });
  await expect(failing).rejects.not.toThrow('do not repeat');
});

test('a KMS that does not answer is given up', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const { AWS_ENDPOINT_URL } = process.env;
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await expect(decrypt()).rejects.toMatchObject({
    code: 'kms-unreachable',
    message: 'AWS KMS in eu-west-1 cannot be reached: it does not answer in time',
  });
  process.env.AWS_ENDPOINT_URL = AWS_ENDPOINT_URL;
  silent.closeAllConnections();
  silent.close();
});

test('stanzas of others are not asked about', async () => {
  const { Stanza } = await loadAge();
  const count = requests.length;
  const identity = createKmsIdentity(CONTEXT, ACCESS);
  expect(await identity.unwrapFileKey([new Stanza(['X25519', 'x'], Buffer.alloc(32))])).toBeNull();
  expect(requests).toHaveLength(count);
});
