/* eslint max-lines: off -- a table, and nothing to be gained by cutting it */
import type { EmulatedFault, WorldRequest } from './aws-emulator';
import { trustPolicy } from './aws-emulator';

/** A fault, and how the real command must end. */
export interface FaultRow {
  readonly name: string;
  /** Class and code; undefined where the command succeeds in spite of it. */
  readonly failure?: string;
  readonly exit: number;
  /** What the output must also hold. */
  readonly says?: RegExp;
  /** How often an action is asked for. */
  readonly asks?: readonly [string, number];
  readonly faults?: readonly EmulatedFault[];
  readonly world?: Partial<WorldRequest>;
  readonly env?: NodeJS.ProcessEnv;
  readonly files?: Readonly<Record<string, string>>;
  /** What the environment holds under `values:` instead of one secret. */
  readonly values?: string;
}

export const SUBJECT = 'repo:acme/shop:environment:staging';
export const DEFAULT_WORLD: WorldRequest = {
  subject: SUBJECT,
  audiences: ['sts.amazonaws.com'],
  roles: {
    'api-esc-reader': { trust: trustPolicy(SUBJECT) },
    blind: { trust: trustPolicy(SUBJECT), allow: [] },
  },
};

const login = (role: string): string => `
  aws:
    region: eu-west-1
    login:
      fn::open::aws-login:
        oidc: { roleArn: "arn:aws:iam::123456789012:role/${role}", sessionName: api-esc, duration: 1h }`;
const secrets = (get: string, region = 'eu-west-1'): string => `
  secrets:
    fn::open::aws-secrets:
      region: ${region}
      login: \${aws.login}
      get: { ${get} }`;
const parameters = (get: string): string => `
  parameters:
    fn::open::aws-parameter-store:
      region: eu-west-1
      login: \${aws.login}
      get: { ${get} }`;
const READER = login('api-esc-reader');
const ONE = secrets('database: { secretId: myapp/staging/database }');
const KEY = parameters('key: { name: /app/key, decrypt: true }');

/** One secret, read by the role that a token is exchanged for. */
export const DEFAULT_VALUES = `${READER}${ONE}`;

const token = (fault: Omit<EmulatedFault, 'service'>): EmulatedFault[] => [{ service: 'token', ...fault }];
const sts = (fault: Omit<EmulatedFault, 'service'>): EmulatedFault[] => [{ service: 'sts', ...fault }];
const secret = (fault: Omit<EmulatedFault, 'service'>): EmulatedFault[] => [{ service: 'secretsmanager', ...fault }];
const parameter = (fault: Omit<EmulatedFault, 'service'>): EmulatedFault[] => [{ service: 'ssm', ...fault }];
const error = (code: string, message = 'injected', status = 400): Omit<EmulatedFault, 'service'> => ({
  kind: 'error',
  code,
  message,
  status,
});
const TEMPORARY = { ...error('ServiceUnavailable', 'later', 503), times: 2 };
const THROTTLED = error('ThrottlingException', 'Rate exceeded');
/** Nobody listens there, and it is no port that `fetch` refuses. */
const CLOSED = 'http://127.0.0.1:59';
const IMPATIENT = { NX_ESC_TIMEOUT: '4' };
const NOT_CI: NodeJS.ProcessEnv = {
  GITHUB_ACTIONS: undefined,
  ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
};
const NO_PERMISSION = { ...NOT_CI, GITHUB_ACTIONS: 'true' };
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'a-key-of-a-person-42' };
const nxJson = (environments: object): Record<string, string> => ({
  'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options: { environments } }] }),
});

const TOKEN_FAULTS: readonly FaultRow[] = [
  {
    name: 'no id-token permission',
    env: NO_PERMISSION,
    failure: 'identity/oidc-permission-missing',
    exit: 20,
    says: /id-token: write/,
  },
  {
    name: 'token endpoint answers 500 for ever',
    faults: token({ kind: 'error', status: 500 }),
    failure: 'identity/oidc-request-failed',
    exit: 20,
    says: /answers 500/,
    asks: ['token', 4],
  },
  {
    name: 'token endpoint answers 500 twice',
    faults: token({ kind: 'error', status: 500, times: 2 }),
    exit: 0,
    asks: ['token', 3],
  },
  { name: 'token endpoint resets the connection once', faults: token({ kind: 'reset', times: 1 }), exit: 0 },
  {
    name: 'token endpoint answers 401',
    faults: token({ kind: 'error', status: 401 }),
    failure: 'identity/oidc-request-failed',
    exit: 20,
    says: /answers 401/,
    asks: ['token', 1],
  },
  {
    name: 'token endpoint answers 403',
    faults: token({ kind: 'error', status: 403 }),
    failure: 'identity/oidc-request-failed',
    exit: 20,
    asks: ['token', 1],
  },
  {
    name: 'token endpoint hangs',
    faults: token({ kind: 'hang' }),
    env: IMPATIENT,
    failure: 'identity/oidc-request-failed',
    exit: 20,
    says: /does not answer in time/,
  },
  {
    name: 'token endpoint breaks off its answer',
    faults: token({ kind: 'truncate' }),
    failure: 'identity/oidc-request-failed',
    exit: 20,
    says: /broke off/,
  },
  {
    name: 'token endpoint answers half of its JSON',
    faults: token({ kind: 'cut' }),
    failure: 'identity/oidc-request-failed',
    exit: 20,
    says: /cut off or no JSON/,
  },
  {
    name: 'token endpoint answers something else',
    faults: token({ kind: 'body', body: '{"value":"not a token"}' }),
    failure: 'identity/oidc-request-failed',
    exit: 20,
    says: /not a token/,
  },
  {
    name: 'token endpoint is down',
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: `${CLOSED}/token` },
    failure: 'identity/oidc-request-failed',
    exit: 20,
    says: /no connection/,
  },
  {
    name: 'token file is missing',
    env: { ...NOT_CI, AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' },
    failure: 'identity/oidc-request-failed',
    exit: 20,
    says: /ENOENT/,
  },
  {
    name: 'token of GitLab for another audience',
    // {"alg":"none"}.{"aud":"https://vault.example","sub":"project_path:acme/shop"}
    env: {
      ...NOT_CI,
      GITLAB_CI: 'true',
      VAULT_ID_TOKEN:
        'eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL3ZhdWx0LmV4YW1wbGUiLCJzdWIiOiJwcm9qZWN0X3BhdGg6YWNtZS9zaG9wIn0.x',
    },
    failure: 'identity/oidc-audience-mismatch',
    exit: 20,
    says: /is for "https:\/\/vault\.example", not for "sts\.amazonaws\.com"/,
  },
];

const STS_FAULTS: readonly FaultRow[] = [
  {
    name: 'role does not trust the subject',
    world: { subject: 'repo:acme/shop:pull_request' },
    failure: 'identity/sts-access-denied',
    exit: 20,
    says: /sub: repo:acme\/shop:pull_request/,
    asks: ['AssumeRoleWithWebIdentity', 1],
  },
  {
    name: 'identity provider expects another audience',
    world: { audiences: ['https://github.com/acme'] },
    failure: 'identity/oidc-audience-mismatch',
    exit: 20,
    says: /aud: sts\.amazonaws\.com/,
  },
  {
    name: 'token is expired, a new one too',
    world: { tokenLifetime: -60 },
    failure: 'identity/sts-token-expired',
    exit: 20,
    asks: ['token', 2],
  },
  {
    name: 'token expires on the way once',
    faults: sts({ ...error('ExpiredTokenException', 'Token expired'), times: 1 }),
    exit: 0,
    asks: ['token', 2],
  },
  {
    name: 'identity provider rejects the claims',
    faults: sts(error('IDPRejectedClaim', 'The ID token is rejected', 403)),
    failure: 'identity/sts-token-expired',
    exit: 20,
  },
  {
    name: 'account has no identity provider',
    faults: sts(error('InvalidIdentityToken', 'No OpenIDConnect provider found in your account')),
    failure: 'identity/oidc-token-rejected',
    exit: 20,
  },
  { name: 'STS answers 503 twice', faults: sts(TEMPORARY), exit: 0, asks: ['AssumeRoleWithWebIdentity', 3] },
  {
    name: 'STS answers 503 for ever',
    faults: sts(error('ServiceUnavailable', 'later', 503)),
    failure: 'identity/sts-unreachable',
    exit: 20,
    asks: ['AssumeRoleWithWebIdentity', 4],
  },
  {
    name: 'STS throttles for ever',
    faults: sts(error('Throttling', 'Rate exceeded')),
    failure: 'identity/sts-throttled',
    exit: 20,
  },
  { name: 'STS hangs', faults: sts({ kind: 'hang' }), env: IMPATIENT, failure: 'identity/sts-unreachable', exit: 20 },
  { name: 'STS is down', env: { AWS_ENDPOINT_URL_STS: CLOSED }, failure: 'identity/sts-unreachable', exit: 20 },
  {
    name: 'STS breaks off its answer',
    faults: sts({ kind: 'truncate' }),
    failure: 'identity/sts-unreachable',
    exit: 20,
  },
  { name: 'STS answers half of its XML', faults: sts({ kind: 'cut' }), failure: 'identity/sts-unreachable', exit: 20 },
  {
    name: 'certificate of STS is not trusted',
    env: { AWS_ENDPOINT_URL_STS: 'TLS' },
    failure: 'identity/sts-unreachable',
    exit: 20,
    says: /TLS certificate is refused/,
  },
  {
    name: 'role allows shorter sessions than the login asks for',
    world: { roles: { 'api-esc-reader': { trust: trustPolicy(SUBJECT), maxSessionSeconds: 900 } } },
    failure: 'identity/sts-request-invalid',
    exit: 20,
  },
  {
    name: 'nobody is logged in',
    env: { ...NOT_CI, HOME: '/nowhere' },
    failure: 'identity/no-credentials',
    exit: 20,
    says: /aws sso login/,
  },
  {
    name: 'session of the machine is in another account than the role',
    env: { ...NOT_CI, ...KEYS },
    values: `${READER.replace('123456789012', '999999999999')}${ONE}`,
    failure: 'identity/wrong-account',
    exit: 20,
  },
  {
    name: 'role is in another account than nx.json says',
    files: nxJson({
      staging: { account: '999999999999', readerRole: 'arn:aws:iam::123456789012:role/api-esc-reader' },
    }),
    values: ONE.replace('      login: ${aws.login}\n', ''),
    failure: 'identity/wrong-account',
    exit: 20,
  },
  {
    name: 'keys of the machine are unknown to AWS',
    env: { ...NOT_CI, ...KEYS },
    faults: sts(error('InvalidClientTokenId', 'The security token included in the request is invalid', 403)),
    failure: 'identity/credentials-rejected',
    exit: 20,
  },
  {
    name: 'session of the machine has expired',
    env: { ...NOT_CI, ...KEYS, AWS_SESSION_TOKEN: 'old' },
    faults: sts(error('ExpiredToken', 'The security token included in the request is expired', 403)),
    failure: 'identity/sts-token-expired',
    exit: 20,
  },
];

const SECRET_FAULTS: readonly FaultRow[] = [
  {
    name: 'clock is ten minutes off',
    faults: secret(
      error('InvalidSignatureException', 'Signature expired: 20261125T100000Z is now earlier than 20261125T101000Z'),
    ),
    failure: 'identity/clock-skew',
    exit: 20,
  },
  {
    name: 'clock is off, by the other name',
    faults: secret(error('RequestTimeTooSkewed', 'The difference is too large', 403)),
    failure: 'identity/clock-skew',
    exit: 20,
  },
  {
    name: 'session ends before the secret is read',
    faults: secret(error('ExpiredTokenException', 'The security token included in the request is expired')),
    failure: 'identity/sts-token-expired',
    exit: 20,
  },
  {
    name: 'secret is missing',
    values: `${READER}${secrets('database: { secretId: myapp/stagign/database }')}`,
    failure: 'secrets/secret-not-found',
    exit: 30,
    says: /"myapp\/stagign\/database" \(database\) in eu-west-1/,
  },
  {
    name: 'two secrets of three are missing',
    values: `${READER}${secrets('a: { secretId: none/a }, database: { secretId: myapp/staging/database }, b: { secretId: none/b }')}`,
    failure: 'secrets/secret-not-found',
    exit: 30,
    says: /none\/a[^]*also secrets\/secret-not-found: the secret "none\/b"/,
  },
  {
    name: 'secret is in another region',
    values: `${READER}${secrets('database: { secretId: myapp/staging/database }', 'us-west-2')}`,
    failure: 'secrets/secret-not-found',
    exit: 30,
    says: /in us-west-2/,
  },
  {
    name: 'role may not read the secret',
    values: `${login('blind')}${ONE}`,
    failure: 'secrets/secret-access-denied',
    exit: 30,
    says: /assumed-role\/blind\/api-esc may not read[^]*allow the role secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:.*-\?{6}/,
    asks: ['GetSecretValue', 1],
  },
  {
    name: 'Secrets Manager throttles twice',
    faults: secret({ ...THROTTLED, times: 2 }),
    exit: 0,
    asks: ['GetSecretValue', 3],
  },
  {
    name: 'Secrets Manager throttles for ever',
    faults: secret(THROTTLED),
    failure: 'secrets/secret-throttled',
    exit: 30,
    asks: ['GetSecretValue', 4],
  },
  {
    name: 'key of the secret is denied',
    faults: secret(error('AccessDeniedException', 'Access to KMS is not allowed')),
    failure: 'secrets/kms-denied',
    exit: 30,
    says: /kms:Decrypt/,
  },
  {
    name: 'secret cannot be decrypted',
    faults: secret(error('DecryptionFailure', "Secrets Manager can't decrypt the protected secret text")),
    failure: 'secrets/kms-denied',
    exit: 30,
  },
  {
    name: 'secret is marked for deletion',
    faults: secret(
      error(
        'InvalidRequestException',
        'You can’t perform this operation on the secret because it was marked for deletion.',
      ),
    ),
    failure: 'secrets/secret-unavailable',
    exit: 30,
  },
  {
    name: 'secret has no value',
    faults: secret({ kind: 'body', body: '{"Name":"myapp/staging/database"}' }),
    failure: 'secrets/secret-empty',
    exit: 30,
  },
  { name: 'secret is the empty text', faults: secret({ kind: 'body', body: '{"SecretString":""}' }), exit: 0 },
  {
    name: 'Secrets Manager hangs',
    faults: secret({ kind: 'hang' }),
    env: IMPATIENT,
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
  {
    name: 'Secrets Manager breaks off its answer',
    faults: secret({ kind: 'truncate' }),
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
  {
    name: 'Secrets Manager answers half of its JSON',
    faults: secret({ kind: 'cut' }),
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
  {
    name: 'Secrets Manager answers 500 for ever',
    faults: secret(error('InternalServiceError', 'An error occurred', 500)),
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
  {
    name: 'certificate of Secrets Manager is not trusted',
    env: { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'TLS' },
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
    says: /NODE_EXTRA_CA_CERTS/,
  },
  {
    name: 'parameter is missing',
    values: `${READER}${parameters('key: { name: /app/none }')}`,
    failure: 'secrets/secret-not-found',
    exit: 30,
    says: /the parameter "\/app\/none" \(key\) in eu-west-1/,
  },
  {
    name: 'role may not read the parameter',
    values: `${login('blind')}${KEY}`,
    failure: 'secrets/secret-access-denied',
    exit: 30,
    says: /ssm:GetParameters on arn:aws:ssm:eu-west-1:<account>:parameter\/app\/key/,
  },
  {
    name: 'key of the parameter is denied',
    values: `${READER}${KEY}`,
    faults: parameter(error('AccessDeniedException', 'User is not authorized to perform: kms:Decrypt on the resource')),
    failure: 'secrets/kms-denied',
    exit: 30,
  },
  {
    name: 'Systems Manager is down',
    values: `${READER}${KEY}`,
    env: { AWS_ENDPOINT_URL_SSM: CLOSED },
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
];

const CONFIG_FAULTS: readonly FaultRow[] = [
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
];

/** Faults by what they are about, each with the end that the command must come to. */
export const FAULT_TABLE: readonly FaultRow[] = [...TOKEN_FAULTS, ...STS_FAULTS, ...SECRET_FAULTS, ...CONFIG_FAULTS];
