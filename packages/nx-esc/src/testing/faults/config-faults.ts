import type { FaultRow } from './fault-row';
import { DEFAULT_VALUES } from './opened-values';
import { CLOSED, nxJson } from './surroundings';

export const CONFIG_FAULTS: readonly FaultRow[] = [
  {
    name: 'mistake in the environment while AWS is down',
    values: `${DEFAULT_VALUES}
  url: \${aws.regoin}`,
    env: { AWS_ENDPOINT_URL: CLOSED },
    failure: 'config/unknown-property',
    exit: 10,
    says: /identity\/sts-unreachable/,
  },
  {
    name: 'stack was never deployed',
    values: '\n  stacks: { fn::open::pulumi-stacks: { stacks: { infra: { stack: infra/staging } } } }',
    env: { AWS_ENDPOINT_URL: CLOSED },
    failure: 'config/stack-not-found',
    exit: 10,
  },
  {
    name: 'import that is not there',
    values: '\n  a: 1\nimports: [api/none]',
    failure: 'config/environment-not-found',
    exit: 10,
  },
  {
    name: 'imports in a circle',
    values: '\n  a: 1\nimports: [api/staging]',
    failure: 'config/cyclic-import',
    exit: 10,
  },
  { name: 'YAML that is none', values: '\n  a: [1', failure: 'config/yaml-syntax', exit: 10 },
  {
    name: 'login that says neither oidc nor static',
    values: '\n  login: { fn::open::aws-login: {} }',
    failure: 'config/login-ambiguous',
    exit: 10,
  },
  {
    name: 'mistyped key of a role',
    files: nxJson({ staging: { readerRoel: 'arn:aws:iam::123456789012:role/api-esc-reader' } }),
    failure: 'config/option-invalid',
    exit: 10,
    says: /readerRoel/,
  },
  {
    name: 'time limit that is no number',
    env: { NX_ESC_TIMEOUT: 'soon' },
    failure: 'config/option-invalid',
    exit: 10,
  },
  {
    name: 'pulumi is missing where a state has to be read',
    values: '\n  stacks: { fn::open::pulumi-stacks: { stacks: { infra: { stack: infra/staging } } } }',
    env: { PATH: '/nowhere', PULUMI_HOME: '/dev/null/none', PULUMI_BACKEND_URL: 's3://state' },
    failure: 'tool/pulumi-missing',
    exit: 40,
  },
  {
    name: 'text of the environment itself that is read as JSON is none',
    values: '\n  text: { fn::secret: plain }\n  json: { fn::fromJSON: "${text}" }',
    failure: 'config/decoding-failed',
    exit: 10,
  },
];
