import { parseStackName, qualifyStackName } from './stack-name';

test.each([
  ['infra/staging', { project: 'infra', stack: 'staging' }],
  ['acme/infra/staging', { organization: 'acme', project: 'infra', stack: 'staging' }],
  ['staging', undefined],
  ['a/b/c/d', undefined],
  ['../infra/x y', undefined],
])('reads %s', (text, expected) => {
  expect(parseStackName(text)).toEqual(expected);
});

test('names stacks as the backend does', () => {
  const name = { organization: 'acme', project: 'infra', stack: 'staging' };
  expect(qualifyStackName(name, { isCloud: false })).toBe('organization/infra/staging');
  expect(qualifyStackName(name, { isCloud: true })).toBe('acme/infra/staging');
  expect(qualifyStackName({ project: 'infra', stack: 'dev' }, { isCloud: true, defaultOrganization: 'o' })).toBe(
    'o/infra/dev',
  );
});
