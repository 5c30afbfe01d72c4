import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CLOUD_ONLY } from './cloud-only/schemas';
import { createProviderServices } from './provider-services';
import { NO_ROLES } from '../aws/aws-roles';
import { createProvider } from './registry';

const nothing = (): void => undefined;
const services = createProviderServices({
  env: {},
  signal: new AbortController().signal,
  onSecret: nothing,
  onNote: nothing,
});
const context = { services, roles: NO_ROLES, stacks: undefined };
const OWN = ['aws-login', 'aws-secrets', 'aws-parameter-store', 'external', 'oidc', 'debug-oidc-claims'];

test.each([...OWN, ...Object.keys(CLOUD_ONLY)])('%s has schemas', (name) => {
  const provider = createProvider(name, context);
  expect(provider?.inputs).toBeDefined();
  expect(provider?.outputs).toBeDefined();
});

test.each(['toString', 'unknown', ''])('there is no provider "%s"', (name) => {
  expect(createProvider(name, context)).toBeUndefined();
});

test.each(OWN)('docs/providers.md tells of %s', (name) => {
  expect(readFileSync(resolve(__dirname, '../../../../docs/providers.md'), 'utf8')).toContain(`\`${name}\``);
});
