import { type EnvironmentIndex, resolveEnvironment } from './environment-index';

const FILES = new Map([
  ['api/base', '/w/apps/api/esc/base.yaml'],
  ['api/staging', '/w/apps/api/esc/staging.yaml'],
  ['default/shared', '/w/esc/shared.yaml'],
]);
const INDEX: EnvironmentIndex = { fileOf: (name) => FILES.get(name), names: () => [...FILES.keys()] };

test.each([
  ['api/staging', 'api/staging', undefined],
  ['acme/api/staging', 'api/staging', undefined],
  ['api/staging@latest', 'api/staging', undefined],
  ['shared', 'default/shared', undefined],
  ['base', 'api/base', 'api/base'],
])('finds %s', (written, name, writeInstead) => {
  const found = resolveEnvironment(written, INDEX, { organization: 'acme', importer: 'api/staging' });
  expect(found).toMatchObject({ name, file: FILES.get(name) });
  expect(found.writeInstead).toBe(writeInstead);
});

test.each([
  ['api/nope', 'there are: api/base, api/staging'],
  ['other/api/staging', 'there are: api/base, api/staging'],
  ['nope', 'there are: default/shared'],
])('says which there are instead of %s', (written, hint) => {
  expect(() => resolveEnvironment(written, INDEX, { organization: 'acme' })).toThrow(
    expect.objectContaining({ code: 'environment-not-found', hint }),
  );
});

test.each(['../secrets', 'api/../../x', '/etc/passwd', 'a/b/c/d', ''])('refuses %p as a name', (written) => {
  expect(() => resolveEnvironment(written, INDEX, {})).toThrow(expect.objectContaining({ code: 'invalid-env-name' }));
});
