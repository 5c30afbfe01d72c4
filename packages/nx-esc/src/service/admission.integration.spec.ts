import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { useTestServices } from '../testing/test-service';

const ENVIRONMENTS = '/api/esc/environments';

const start = useTestServices(afterEach);

/** Asks with headers that `fetch` does not let one set. */
async function ask(url: string, headers: Record<string, string>): Promise<number> {
  const request = httpRequest(url, { headers });
  request.end();
  const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

describe('who is let in', () => {
  test.each([
    ['nothing', {}],
    ['another token', { authorization: 'token 0123456789abcdef0123456789abcdef' }],
    ['a beginning of the token', { authorization: 'token 0123456789abcdef' }],
    ['another scheme', { authorization: 'Bearer the-token-of-this-test' }],
    ['no scheme', { authorization: 'the-token-of-this-test' }],
  ])('not who sends %s', async (_what, headers) => {
    const { url } = await start({ token: 'the-token-of-this-test' });
    const response = await fetch(`${url}${ENVIRONMENTS}`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ code: 401, message: 'the access token is missing or wrong' });
    expect((await fetch(`${url}/no/route`, { headers })).status).toBe(401);
  });

  test('each start has a token of its own', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.token).toMatch(/^[0-9a-f]{64}$/);
    expect(one.token).not.toBe(other.token);
  });

  test('not a name that was made to lead here', async () => {
    const { url, token } = await start({ allowedHosts: ['Esc.test'] });
    const authorization = `token ${token}`;
    const { port } = new URL(url);
    const statusFor = (host: string): Promise<number> => ask(`${url}/api/user`, { authorization, host });
    expect(await statusFor('evil.example')).toBe(403);
    expect(await statusFor(`evil.example:${port}`)).toBe(403);
    expect(await statusFor('127.0.0.1.evil.example')).toBe(403);
    for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, '[::1]:80', 'esc.test'])
      expect([host, await statusFor(host)]).toEqual([host, 200]);
  });

  test('no page of another origin is told that it may read', async () => {
    const service = await start();
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' };
    for (const method of ['OPTIONS', 'GET']) {
      const response = await service.fetch('/api/user', { method, headers });
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  test('not other machines, unless somebody insists', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com'])
      await expect(start({ host })).rejects.toMatchObject({ code: 'option-invalid' });
    const service = await start({ host: '0.0.0.0', allowsRemote: true });
    expect((await service.fetch('/api/user')).status).toBe(200);
    await expect(start({ token: 'short' })).rejects.toMatchObject({ code: 'option-invalid' });
    const port = Number(new URL(service.url).port);
    await expect(start({ port, host: '0.0.0.0', allowsRemote: true })).rejects.toMatchObject({
      code: 'address-unavailable',
    });
  });
});
