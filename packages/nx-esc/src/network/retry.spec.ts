import { getEventListeners, once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkErrorOf } from './network-error';
import { request } from './request';
import { withRetry } from './retry';
import { mapBounded } from './map-bounded';
import { readTimeLimit } from './time-limit';

const timeLimit = { totalMs: 1500, attemptMs: 500 };

describe('a request', () => {
  let server: Server;
  let url: string;
  let asked = 0;
  let answer: (response: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      answer(response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => (asked = 0));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const send = (signal = new AbortController().signal): ReturnType<typeof request> =>
    request({ url, signal, timeLimit: { totalMs: 10_000, attemptMs: 5000 } });

  test.each([
    [200, 1],
    [302, 1],
    [401, 1],
    [404, 1],
    [429, 4],
    [500, 4],
  ])('that is answered %i is made %i times', async (status, times) => {
    answer = (response) => response.writeHead(status, { location: '/elsewhere' }).end('text');
    expect(await send()).toMatchObject({ status, text: 'text' });
    expect(asked).toBe(times);
  });

  test('goes on after a broken connection', async () => {
    answer = (response) => (asked < 3 ? response.destroy() : response.end('fine'));
    expect(await send()).toMatchObject({ status: 200, text: 'fine' });
  });

  test.each([
    [429, 4],
    [500, 1],
  ])('that must not be done twice and is answered %i is made %i times', async (status, times) => {
    answer = (response) => response.writeHead(status).end();
    const { signal } = new AbortController();
    const once = { url, signal, isDoneOnce: true, timeLimit: { totalMs: 10_000, attemptMs: 5000 } };
    expect(await request(once)).toMatchObject({ status });
    answer = (response) => response.destroy();
    await expect(request(once)).rejects.toMatchObject({ fault: 'truncated' });
    expect(asked).toBe(times + 1);
  });

  test('that is never answered ends within the limit', async () => {
    answer = () => undefined;
    await expect(request({ url, signal: new AbortController().signal, timeLimit })).rejects.toMatchObject({
      fault: 'timeout',
    });
    expect(asked).toBeLessThanOrEqual(4);
  });

  test('ends when the run is cancelled', async () => {
    const controller = new AbortController();
    answer = () => controller.abort(new Error('cancelled'));
    await expect(send(controller.signal)).rejects.toThrow('cancelled');
    expect(asked).toBe(1);
  });
});

test('calls take their listeners off the signal when they end', async () => {
  const { signal } = new AbortController();
  let listening = 0;
  await Promise.all(
    Array.from({ length: 500 }, () =>
      withRetry(
        async () => {
          await new Promise((resolve) => setImmediate(resolve));
          listening = Math.max(listening, getEventListeners(signal, 'abort').length);
        },
        { signal, timeLimit },
      ),
    ),
  );
  expect({ listening, left: getEventListeners(signal, 'abort').length }).toEqual({ listening: 500, left: 0 });
});

test('what is not about the network is no network error', () => {
  expect(networkErrorOf(new Error('no'))).toBeUndefined();
  expect(networkErrorOf(new TypeError('x is not a function'))).toBeUndefined();
});

test.each([
  [undefined, 30_000],
  ['6', 6000],
])('NX_ESC_TIMEOUT=%s limits calls to %i ms', (text, totalMs) => {
  expect(readTimeLimit({ NX_ESC_TIMEOUT: text })).toMatchObject({ totalMs });
});

test('results are in the order of the items, and only so many run at a time', async () => {
  let running = 0;
  let most = 0;
  const results = await mapBounded([3, 1, 2, 0], 2, async (item) => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, item));
    running -= 1;
    return item * 10;
  });
  expect([results, most]).toEqual([[30, 10, 20, 0], 2]);
});
