import { trustPolicy } from '../aws-emulator';
import { type FaultRow, SUBJECT } from './fault-row';
import { error, sts, TEMPORARY } from './injected';
import { ONE, READER } from './opened-values';
import { CLOSED, IMPATIENT, KEYS, NOT_CI, nxJson } from './surroundings';

export const STS_FAULTS: readonly FaultRow[] = [
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
