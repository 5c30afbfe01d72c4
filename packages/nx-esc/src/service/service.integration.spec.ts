import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createTestProviders } from 'esc-eval/testing';
import type { ProviderHost } from '../backends/local/local-backend';
import { type TestService, useTestServices } from '../testing/test-service';
import type { ServiceOptions } from './start-service';
import { MemoryStore } from './stores/memory-store';

const ENVIRONMENTS = '/api/esc/environments';
const DEV = `${ENVIRONMENTS}/acme/api/dev`;

const start = useTestServices(afterEach);

/** A service with the environment api/dev. */
async function startWithDev(text: string, options: Partial<ServiceOptions> = {}): Promise<TestService> {
  const service = await start(options);
  await service.fetch(`${ENVIRONMENTS}/acme`, { method: 'POST', body: '{"project":"api","name":"dev"}' });
  expect((await service.fetch(DEV, { method: 'PATCH', body: text })).status).toBe(200);
  return service;
}

/** A provider `slow` that answers when it is told to, and tells when nobody waits any more. */
function slowProvider(answer: () => Promise<unknown>, onAbort: (reason: unknown) => void = () => undefined) {
  const [echo] = createTestProviders().values();
  return (signal: AbortSignal): ProviderHost => ({
    loadProvider: () => {
      signal.addEventListener('abort', () => onAbort(signal.reason));
      return { ...(echo as NonNullable<typeof echo>), open: answer };
    },
    loadRotator: () => {
      throw new Error('none');
    },
  });
}
const SLOW = 'values:\n  a: {fn::open::slow: {}}\n';

describe('what clients may send', () => {
  test.each([
    ['POST', `${ENVIRONMENTS}/acme`, 'no json', 400, 'the body is not valid JSON'],
    ['POST', `${ENVIRONMENTS}/acme`, '[]', 400, 'the body is not an object'],
    ['POST', `${ENVIRONMENTS}/acme`, '{"project":"..","name":"x"}', 400, /have 1 to 100 letters/],
    ['POST', `${ENVIRONMENTS}/acme`, '{"project":"api","name":"a/b"}', 400, /have 1 to 100 letters/],
    ['POST', `${ENVIRONMENTS}/acme`, '{"project":"api","name":"dev"}', 409, 'environment api/dev already exists'],
    ['POST', `${ENVIRONMENTS}/other`, '{}', 404, 'organization other not found: it is acme here'],
    ['GET', `${ENVIRONMENTS}/acme/api/nope`, undefined, 404, 'environment api/nope not found'],
    ['GET', `${ENVIRONMENTS}/acme/..%2f..%2fetc/passwd`, undefined, 404, /not found/],
    ['GET', `${DEV}/versions/99`, undefined, 404, 'version 99 of environment api/dev not found'],
    ['GET', `${DEV}/versions/0`, undefined, 404, 'version 0 of environment api/dev not found'],
    ['GET', `${DEV}/versions?before=x`, undefined, 400, '"x" is no count'],
    ['GET', `${ENVIRONMENTS}?continuationToken=%25%25`, undefined, 400, /continuation token/],
    ['POST', `${DEV}/open?duration=tomorrow`, '', 400, '"tomorrow" is no duration such as 1h30m'],
    ['GET', `${DEV}/open/0123456789`, undefined, 404, /its time is over/],
    ['POST', `${DEV}/rotate`, '{"Paths":[".a"]}', 400, /expected property path to start with/],
    ['POST', `${DEV}/tags`, '{"name":"a b","value":"x"}', 400, /a tag needs a name/],
    ['POST', `${DEV}/versions/tags`, '{"name":"7"}', 400, /a tagged version needs a name/],
    ['POST', `${DEV}/versions/tags`, '{"name":"x","revision":99}', 400, 'there is no revision 99'],
    ['PATCH', DEV, 'values: [1\nb: 2', 400, 'updating api/dev: there are errors'],
    ['POST', `${ENVIRONMENTS}/acme/yaml/open?environmentOverrides=e30x`, 'values: {}', 400, /environmentOverrides/],
    ['GET', '/api/stacks', undefined, 404, 'there is no such route'],
    ['POST', `${ENVIRONMENTS}/acme`, `{"a":"${'x'.repeat(2000)}"}`, 413, /too large/],
  ])('%s %s %j is answered with %s', async (method, path, body, status, message) => {
    const service = await startWithDev('values: {a: 1}\n', { limits: { bodyBytes: 1000 } });
    const response = await service.fetch(path, { method, ...(body !== undefined && { body }) });
    const answer = (await response.json()) as { code: number; message: string };
    expect({ status: response.status, ...answer }).toMatchObject({ status, code: status });
    if (typeof message === 'string') expect(answer.message).toBe(message);
    else expect(answer.message).toMatch(message);
    expect(service.faults).toEqual([]);
  });

  test('a text that is not UTF-8 is refused, one of any type is taken', async () => {
    const service = await startWithDev('values: {}\n');
    const broken = await service.fetch(DEV, { method: 'PATCH', body: Buffer.from([0x61, 0xff]) });
    expect(broken.status).toBe(400);
    for (const type of ['application/json', 'application/x-yaml', 'image/png']) {
      const headers = { 'content-type': type };
      expect((await service.fetch(DEV, { method: 'PATCH', body: 'values: {a: ü}\n', headers })).status).toBe(200);
    }
    expect(await (await service.fetch(DEV)).text()).toBe('values: {a: ü}\n');
  });

  test('a request that does not come to its end is given up', async () => {
    const { url } = await start({ limits: { requestMs: 200 } });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /api/user HTTP/1.1\r\nHost: localhost\r\n');
    socket.resume();
    await once(socket, 'close');
  });

  test('there are not more connections than are allowed', async () => {
    const { url } = await start({ limits: { connections: 1 } });
    const port = Number(new URL(url).port);
    const first = connect(port, '127.0.0.1');
    await once(first, 'connect');
    const second = connect(port, '127.0.0.1');
    second.resume();
    await once(second, 'close');
    first.destroy();
  });

  test('nothing is changed where the service only reads', async () => {
    const store = new MemoryStore();
    await startWithDev('values: {a: 1}\n', { store });
    const service = await start({ store, isReadOnly: true });
    const patch = await service.fetch(DEV, { method: 'PATCH', body: 'values: {a: 2}\n' });
    expect([patch.status, await patch.json()]).toEqual([403, { code: 403, message: 'this service is read-only' }]);
    expect((await service.fetch(DEV, { method: 'DELETE' })).status).toBe(403);
    expect((await service.fetch(`${DEV}/open`, { method: 'POST' })).status).toBe(200);
  });
});

describe('definitions', () => {
  test('an update that was made from an older definition is refused', async () => {
    const service = await startWithDev('values: {a: 1}\n');
    const first = await service.fetch(DEV);
    const etag = first.headers.get('etag') as string;
    const update = (text: string, headers: Record<string, string>) =>
      service.fetch(DEV, { method: 'PATCH', body: text, headers });
    expect((await service.fetch(DEV, { method: 'HEAD' })).headers.get('etag')).toBe(etag);
    const updated = await update('values: {a: 2}\n', { etag });
    expect([updated.status, updated.headers.get('pulumi-esc-revision')]).toEqual([200, '3']);
    const stales: Record<string, string>[] = [{ etag }, { 'if-match': etag }, { etag: 'no-tag' }];
    for (const headers of stales) {
      const stale = await update('values: {a: 3}\n', headers);
      expect([stale.status, await stale.json()]).toMatchObject([409, { code: 409 }]);
    }
    expect((await update('values: {a: 3}\n', { 'if-match': updated.headers.get('etag') as string })).status).toBe(200);
    expect((await update('values: {a: 4}\n', {})).status).toBe(200);
    expect(await (await service.fetch(DEV)).text()).toBe('values: {a: 4}\n');
  });

  test('what is wrong with a text is said with its places, and warnings stop nothing', async () => {
    const service = await startWithDev('values: {}\n');
    const wrong = await service.fetch(DEV, { method: 'PATCH', body: 'imports: [api/nope]\nvalues:\n  a: ${b}\n' });
    expect(await wrong.json()).toMatchObject({
      code: 400,
      diagnostics: [
        {
          severity: 'error',
          summary: 'there is no environment "api/nope"',
          range: { environment: 'api/dev', begin: { line: 1, column: 11, byte: 10 } },
        },
        { summary: 'unknown property "b"', range: { begin: { line: 3, column: 8 } } },
      ],
    });
    const odd = await service.fetch(DEV, { method: 'PATCH', body: 'values: {a: 1}\nother: 1\n' });
    expect([odd.status, await odd.json()]).toMatchObject([200, { diagnostics: [{ severity: 'warning' }] }]);
  });

  test('environments are listed page by page', async () => {
    const service = await start({ limits: { pageSize: 2 } });
    for (const name of ['e', 'b', 'a', 'd', 'c'])
      await service.fetch(`${ENVIRONMENTS}/acme`, { method: 'POST', body: JSON.stringify({ project: 'p', name }) });
    const pages: string[][] = [];
    for (let token: string | undefined = ''; token !== undefined;) {
      const response = await service.fetch(`${ENVIRONMENTS}?organization=acme&continuationToken=${token}`);
      const { environments, nextToken } = (await response.json()) as {
        environments: { name: string }[];
        nextToken: string;
      };
      pages.push(environments.map(({ name }) => name));
      token = nextToken === '' ? undefined : nextToken;
    }
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    const others = await service.fetch(`${ENVIRONMENTS}?organization=other`);
    expect(await others.json()).toEqual({ environments: [], nextToken: '' });
  });
});

describe('open environments', () => {
  const open = async (service: TestService, query = ''): Promise<string> =>
    ((await (await service.fetch(`${DEV}/open${query}`, { method: 'POST' })).json()) as { id: string }).id;

  test('are read until their time is over, as what they are', async () => {
    const service = await startWithDev('values: {a: 1}\n', { limits: { sessions: 2 } });
    await service.fetch(`${ENVIRONMENTS}/acme`, { method: 'POST', body: '{"project":"api","name":"other"}' });
    const statusOf = async (path: string): Promise<number> => (await service.fetch(path)).status;
    const [short, long] = [await open(service, '?duration=1ms'), await open(service)];
    await delay(10);
    expect(await statusOf(`${DEV}/open/${short}`)).toBe(404);
    expect(await statusOf(`${DEV}/open/${long}`)).toBe(200);
    expect(await statusOf(`${DEV}/open//${long}?property=a`)).toBe(200);
    expect(await statusOf(`${DEV}/open/${long}?property=b`)).toBe(404);
    expect(await statusOf(`${ENVIRONMENTS}/acme/api/other/open/${long}`)).toBe(404);
    expect(await statusOf(`${ENVIRONMENTS}/acme/yaml/open/${long}`)).toBe(404);
    const further = [await open(service), await open(service)];
    expect(await statusOf(`${DEV}/open/${long}`)).toBe(404);
    expect(await Promise.all(further.map((id) => statusOf(`${DEV}/open/${id}`)))).toEqual([200, 200]);
  });

  test('of nothing are empty', async () => {
    const service = await startWithDev('values: {}\n');
    const response = await service.fetch(`${DEV}/open/${await open(service)}`);
    expect([response.status, await response.json()]).toEqual([200, { properties: {} }]);
  });

  test('that take too long are given up, and nobody goes on with them', async () => {
    const reasons: unknown[] = [];
    const providers = slowProvider(
      () => new Promise(() => undefined),
      (reason) => reasons.push(reason),
    );
    const service = await startWithDev(SLOW, { providers, limits: { answerMs: 200 } });
    const response = await service.fetch(`${DEV}/open`, { method: 'POST' });
    expect(await response.json()).toEqual({ code: 504, message: 'the environment takes too long to open' });
    expect(reasons).toEqual([expect.objectContaining({ status: 504 })]);
    const controller = new AbortController();
    const gone = service.fetch(`${DEV}/open`, { method: 'POST', signal: controller.signal });
    await delay(50);
    controller.abort();
    await expect(gone).rejects.toThrow();
    while (reasons.length < 2) await delay(10);
    expect(service.faults).toEqual([]);
  });
});

describe('the end', () => {
  test('waits for what is under way', async () => {
    let answer: (value: unknown) => void = () => undefined;
    let isAsked = false;
    const providers = slowProvider(() => {
      isAsked = true;
      return new Promise((resolve) => (answer = resolve));
    });
    const service = await startWithDev(SLOW, { providers });
    const opening = service.fetch(`${DEV}/open`, { method: 'POST' });
    while (!isAsked) await delay(10);
    const closing = service.close();
    await expect(fetch(`${service.url}/api/user`)).rejects.toThrow();
    answer({ fine: true });
    expect((await opening).status).toBe(200);
    await closing;
  });

  test('does not wait for ever', async () => {
    const providers = slowProvider(() => new Promise(() => undefined));
    const service = await startWithDev(SLOW, { providers, limits: { drainMs: 100 } });
    const opening = service.fetch(`${DEV}/open`, { method: 'POST' }).then(
      ({ status }) => status,
      () => 'broken off',
    );
    await delay(100);
    await service.close();
    expect([503, 'broken off']).toContain(await opening);
  });
});

test('a fault of ours is told to us and not to clients', async () => {
  class BrokenStore extends MemoryStore {
    override async names(): Promise<never> {
      throw new Error('the disk is on fire at /secret/place');
    }
  }
  const service = await start({ store: new BrokenStore() });
  const response = await service.fetch(ENVIRONMENTS);
  expect(await response.json()).toEqual({ code: 500, message: 'internal error: see the log of the service' });
  expect(service.faults).toEqual([expect.objectContaining({ message: expect.stringContaining('fire') as string })]);
});

test('a store that keeps texts as they are refuses secrets in plain text, and says where', async () => {
  const unencrypted = await start({ store: new MemoryStore(), keeper: undefined as never });
  await unencrypted.fetch(`${ENVIRONMENTS}/acme`, { method: 'POST', body: '{"project":"api","name":"dev"}' });
  const response = await unencrypted.fetch(DEV, { method: 'PATCH', body: 'values: {pw: {fn::secret: hunter2}}\n' });
  const { code, message } = (await response.json()) as { code: number; message: string };
  expect({ code, message }).toEqual({
    code: 400,
    message:
      'values.pw: this workspace has no encryption for its files, so a secret in plain text is not written to them',
  });
});

test('what is noted of requests holds no secret', async () => {
  const service = await startWithDev('values: {pw: {fn::secret: correct-horse}}\n');
  await service.fetch(`${DEV}/open?duration=5m`, { method: 'POST' });
  const noted = JSON.stringify(service.answered);
  expect(noted).toContain('/open');
  for (const secret of ['correct-horse', service.token, '5m']) expect(noted).not.toContain(secret);
});
