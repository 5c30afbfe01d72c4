import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Environment } from '../pulumi/environment';
import { detectCi } from './detect-ci';
import type { IdToken } from './id-token';
import { pulumiCloudVariables, type PulumiCloudRequest } from './pulumi-cloud-token';

const timeLimit = { totalMs: 5000, attemptMs: 2000 };
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'nx-esc-ci-'));
afterAll(() => rmSync(folder, { recursive: true }));

function jwt(claims: object): string {
  const part = (data: object): string => Buffer.from(JSON.stringify(data)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
}

/** A command of a CI that prints a token for the audience that it is asked for. */
function command(name: string): string {
  const script = `#!${process.execPath}
const args = process.argv.slice(2);
const audience = args.includes('--claims') ? JSON.parse(args.at(-1)).aud : args.at(-1);
const part = (data) => Buffer.from(JSON.stringify(data)).toString('base64url');
console.log([part({}), part({ aud: audience, sub: args.slice(0, 3).join(' ') }), 'x'].join('.'));
`;
  writeFileSync(join(folder, name), script);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

async function fetchToken(env: Environment, audience?: string): Promise<IdToken> {
  const ci = detectCi(env);
  if (ci === undefined) throw new Error('no CI');
  return ci.fetchToken({ env, audience: audience ?? ci.awsAudience, signal, timeLimit });
}

const aws = jwt({ sub: 'job', aud: 'sts.amazonaws.com' });
const vault = jwt({ sub: 'job', aud: ['https://vault.example'] });

test.each<[string, Environment, string | undefined]>([
  ['GitHub Actions', { GITHUB_ACTIONS: 'true' }, 'sts.amazonaws.com'],
  ['GitLab CI', { GITLAB_CI: 'true' }, 'sts.amazonaws.com'],
  ['CircleCI', { CIRCLECI: 'true' }, undefined],
  ['Buildkite', { BUILDKITE: 'true' }, 'sts.amazonaws.com'],
  ['Bitbucket Pipelines', { BITBUCKET_BUILD_NUMBER: '7' }, undefined],
  ['the token file', { AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, undefined],
  // A runner in Kubernetes: the job has no token of its own.
  ['the token file', { GITHUB_ACTIONS: 'true', AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, undefined],
])('detects %s', (name, env, audience) => {
  expect(detectCi(env)).toMatchObject({ name, awsAudience: audience });
});

test('outside of a CI there is none', () => {
  expect(detectCi({ PATH: '/bin' })).toBeUndefined();
});

test.each<[string, Environment, string | undefined, string]>([
  [
    'GitLab: the variable with the audience',
    { GITLAB_CI: 'true', A_ID_TOKEN: vault, B_ID_TOKEN: aws },
    undefined,
    'job',
  ],
  ['CircleCI: the token of the job', { CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: vault }, undefined, 'job'],
  [
    'CircleCI: its command for another audience',
    { CIRCLECI: 'true', CIRCLE_OIDC_TOKEN_V2: vault, PATH: command('circleci') },
    'urn:pulumi:org:acme',
    'run oidc get',
  ],
  [
    'Buildkite: its agent',
    { BUILDKITE: 'true', PATH: command('buildkite-agent') },
    undefined,
    'oidc request-token --audience',
  ],
  ['Bitbucket', { BITBUCKET_BUILD_NUMBER: '7', BITBUCKET_STEP_OIDC_TOKEN: vault }, undefined, 'job'],
])('%s', async (_name, env, audience, subject) => {
  expect((await fetchToken(env, audience)).claims.subject).toBe(subject);
});

test.each<[string, Environment, string]>([
  ['GitHub without the permission', { GITHUB_ACTIONS: 'true' }, 'oidc-permission-missing'],
  ['GitLab without id_tokens', { GITLAB_CI: 'true' }, 'oidc-permission-missing'],
  ['GitLab with another audience', { GITLAB_CI: 'true', VAULT_ID_TOKEN: vault }, 'oidc-audience-mismatch'],
  ['CircleCI without a context', { CIRCLECI: 'true' }, 'oidc-permission-missing'],
  ['Buildkite without its agent', { BUILDKITE: 'true', PATH: '/nowhere' }, 'oidc-request-failed'],
  ['Bitbucket without oidc', { BITBUCKET_BUILD_NUMBER: '7' }, 'oidc-permission-missing'],
])('%s', async (_name, env, code) => {
  await expect(fetchToken(env)).rejects.toMatchObject({ failureClass: 'identity', code });
});

test('a token prints as a secret', async () => {
  const token = await fetchToken({ BITBUCKET_BUILD_NUMBER: '7', BITBUCKET_STEP_OIDC_TOKEN: aws });
  expect([String(token), JSON.stringify({ token }), inspect({ token })].join()).not.toContain(aws);
  expect(token.reveal()).toBe(aws);
});

describe('an access token of Pulumi Cloud', () => {
  let server: Server;
  let url: string;
  const forms: URLSearchParams[] = [];
  const secrets: string[] = [];
  let answer: { status: number; body: string };

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        forms.push(new URLSearchParams(body));
        response.writeHead(request.url === '/api/oauth/token' ? answer.status : 404).end(answer.body);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    forms.length = 0;
    answer = { status: 200, body: '{"access_token":"pul-exchanged","expires_in":7200}' };
  });
  afterAll(() => server.close());

  const idToken = jwt({ iss: 'https://gitlab.com', sub: 'project_path:acme/shop', aud: 'urn:pulumi:org:acme' });

  function exchange(env: Environment, options: Partial<PulumiCloudRequest> = {}): Promise<Environment> {
    const all = { GITLAB_CI: 'true', PULUMI_ID_TOKEN: idToken, PULUMI_HOME: folder, ...env };
    const onSecret = (secret: string): void => void secrets.push(secret);
    return pulumiCloudVariables(url, {
      env: all,
      ci: detectCi(all),
      organization: 'acme',
      signal,
      timeLimit,
      onSecret,
      ...options,
    });
  }

  test('is exchanged for the token of the CI', async () => {
    expect(await exchange({})).toEqual({ PULUMI_ACCESS_TOKEN: 'pul-exchanged' });
    expect(Object.fromEntries(forms[0] ?? [])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: 'urn:pulumi:org:acme',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      subject_token: idToken,
      requested_token_type: 'urn:pulumi:token-type:access_token:organization',
      expiration: '7200',
    });
    expect(secrets).toEqual([idToken, 'pul-exchanged']);
  });

  test('of another kind, with its scope', async () => {
    await exchange({}, { pulumiCloud: { tokenType: 'team', scope: 'team:platform', expiration: 900 } });
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      requested_token_type: 'urn:pulumi:token-type:access_token:team',
      scope: 'team:platform',
      expiration: '900',
    });
  });

  test('is not asked for where one is there', async () => {
    expect(await exchange({ PULUMI_ACCESS_TOKEN: 'pul-mine' })).toEqual({});
    const home = mkdtempSync(join(folder, 'home-'));
    writeFileSync(
      join(home, 'credentials.json'),
      JSON.stringify({ current: url, accessTokens: { [url]: 'pul-stored' } }),
    );
    expect(await exchange({ PULUMI_HOME: home })).toEqual({});
    expect(forms).toEqual([]);
  });

  test.each([
    [403, '{"message":"no policy matches"}', 'pulumi-token-denied', /answers 403 \(no policy matches\)/],
    [200, '{}', 'pulumi-token-denied', /answers 200/],
    [500, 'oops', 'pulumi-cloud-unreachable', /answers 500/],
  ])('answer %i %s', async (status, body, code, message) => {
    answer = { status, body };
    await expect(exchange({})).rejects.toMatchObject({
      failureClass: 'identity',
      code,
      message: expect.stringMatching(message) as string,
    });
    // A refusal is asked for once, a failure of the server four times.
    expect(forms).toHaveLength(status === 500 ? 4 : 1);
  });
});
