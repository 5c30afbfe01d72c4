import { fromHttp } from '@aws-sdk/credential-providers';
import { type AwsSession, RenewedSession } from './aws-session';
import { CredentialsEndpoint } from './credentials-endpoint';

const HOUR = 3_600_000;

/** Sessions that are numbered, each an hour long. */
function sessions(clock: { now: number }): { session: RenewedSession; begun: () => number } {
  let count = 0;
  const begin = async (): Promise<AwsSession> => {
    count += 1;
    const credentials = {
      accessKeyId: `ASIA${count}`,
      secretAccessKey: `secret-${count}`,
      sessionToken: `token-${count}`,
      expiration: new Date(clock.now + HOUR),
    };
    return { credentials, arn: 'arn:aws:sts::123456789012:assumed-role/deploy/x', account: '123456789012', source: '' };
  };
  return { session: new RenewedSession(begin, () => clock.now), begun: () => count };
}

describe('a session', () => {
  test('is begun once for all who ask, and again before it ends', async () => {
    const clock = { now: 0 };
    const { session, begun } = sessions(clock);
    await Promise.all([session.get(), session.get()]);
    clock.now = HOUR - 11 * 60_000;
    await session.get();
    expect(begun()).toBe(1);
    clock.now = HOUR - 9 * 60_000;
    const renewed = await Promise.all([session.get(), session.get()]);
    expect(begun()).toBe(2);
    expect(new Set(renewed).size).toBe(1);
  });

  test('that cannot be begun is tried again by the next who asks', async () => {
    let attempts = 0;
    const session = new RenewedSession(() => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Error('later')) : sessions({ now: 0 }).session.get();
    });
    await expect(session.get()).rejects.toThrow('later');
    await expect(session.get()).resolves.toMatchObject({ account: '123456789012' });
  });
});

describe('the endpoint', () => {
  const clock = { now: Date.now() };
  const { session } = sessions(clock);
  const secrets: string[] = [];
  let endpoint: CredentialsEndpoint;
  beforeAll(async () => (endpoint = await CredentialsEndpoint.start(session, (secret) => secrets.push(secret))));
  afterAll(() => endpoint.close());

  test('gives an SDK its credentials, and renewed ones when these end', async () => {
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_AUTHORIZATION_TOKEN, ...others } = endpoint.variables;
    const read = fromHttp({
      awsContainerCredentialsFullUri: AWS_CONTAINER_CREDENTIALS_FULL_URI as string,
      awsContainerAuthorizationToken: AWS_CONTAINER_AUTHORIZATION_TOKEN as string,
    });
    expect(await read()).toMatchObject({ accessKeyId: 'ASIA1', secretAccessKey: 'secret-1', sessionToken: 'token-1' });
    clock.now += HOUR;
    expect(await read()).toMatchObject({ accessKeyId: 'ASIA2' });
    expect(others).toMatchObject({ AWS_ACCESS_KEY_ID: undefined, AWS_PROFILE: undefined });
    expect(secrets).toEqual([AWS_CONTAINER_AUTHORIZATION_TOKEN]);
  });

  test.each([
    ['without a token', {}, '/credentials', 401],
    ['with another token', { authorization: 'x' }, '/credentials', 401],
    ['elsewhere', undefined, '/', 404],
  ])('%s answers nothing', async (_name, headers, path, status) => {
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: token } = endpoint.variables;
    const url = new URL(path, uri);
    const answer = await fetch(url, { headers: (headers ?? { authorization: token }) as Record<string, string> });
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('ASIA');
  });
});
