import { type AwsEnvironmentOptions, awsRolesOf, sessionSeconds } from './aws-roles';
import { sessionNameOf } from './session-name';

const ARN = 'arn:aws:iam::123456789012:role/deploy';
const roles = (options: object, name = 'api/staging'): ReturnType<typeof awsRolesOf> =>
  awsRolesOf(name, { staging: options } as Record<string, AwsEnvironmentOptions>);

test('an environment that nx.json does not name has no roles', () => {
  expect(awsRolesOf('api/prod', { staging: { deployRole: ARN } })).toEqual({
    isConfigured: false,
    withoutOidc: 'ambient',
  });
  expect(awsRolesOf('api/constructor', {}).isConfigured).toBe(false);
});

test("a project's own entry lies over that of all projects", () => {
  const all = { staging: { region: 'eu-west-1', deployRole: ARN }, 'api/staging': { region: 'eu-central-1' } };
  expect(awsRolesOf('api/staging', all)).toMatchObject({ region: 'eu-central-1', deploy: { arn: ARN } });
  expect(awsRolesOf('web/staging', all)).toMatchObject({ region: 'eu-west-1' });
});

test('a role may narrow its sessions', () => {
  const sessionPolicy = { Version: '2012-10-17', Statement: [] };
  expect(
    roles({ duration: '30m', deployRole: { role: ARN, sessionPolicy }, readerRole: { role: ARN, duration: '12h' } }),
  ).toMatchObject({
    deploy: { durationSeconds: 1800, policy: JSON.stringify(sessionPolicy), policyArns: [] },
    reader: { durationSeconds: 43_200 },
  });
});

test.each([
  [{ deployRoel: ARN }, 'deployRoel'],
  [{ deployRole: 'deploy' }, 'deployRole'],
  [{ deployRole: { role: ARN, policy: {} } }, 'policy'],
  [{ deployRole: ARN, duration: 'long' }, 'duration'],
  [{ deployRole: { role: ARN, policyArns: ['ReadOnlyAccess'] } }, 'deployRole.policyArns'],
  [{ account: '42' }, 'account'],
  [{ region: 'Europe' }, 'region'],
  [{ withoutOidc: 'yes' }, 'withoutOidc'],
])('refuses %j', (options, name) => {
  expect(() => roles(options)).toThrow(
    expect.objectContaining({ code: 'option-invalid', message: expect.stringContaining(`.${name} `) as string }),
  );
});

test.each([
  ['1h', 3600],
  ['1h30m', 5400],
  ['20m', 1200],
  ['1s', 900],
  ['48h', 43_200],
  ['', undefined],
  ['1d', undefined],
])('a duration of %j is %s seconds', (duration, seconds) => {
  expect(sessionSeconds(duration)).toBe(seconds);
});

test.each([
  ['repo:acme/shop:environment:staging', '4711', 'repo-acme-shop-environment-staging-4711'],
  ['repo:acme/shop:ref:refs/heads/a b', undefined, 'repo-acme-shop-ref-refs-heads-a-b'],
  [undefined, '7', 'nx-esc-7'],
  ['system:serviceaccount:ci:runner', undefined, 'system-serviceaccount-ci-runner'],
  ['x', undefined, 'x-'],
])('the session of %s in run %s is named %s', (subject, runId, name) => {
  expect(sessionNameOf({ audiences: [], all: {}, ...(subject !== undefined && { subject }) }, runId)).toBe(name);
});

test('a long subject is cut, the run is not', () => {
  const name = sessionNameOf({ audiences: [], all: {}, subject: `repo:${'organisation/'.repeat(9)}` }, '12345678901');
  expect(name).toMatch(/^[\w+=,.@-]{64}$/);
  expect(name).toMatch(/-12345678901$/);
});
