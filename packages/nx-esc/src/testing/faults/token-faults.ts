import type { FaultRow } from './fault-row';
import { token } from './injected';
import { CLOSED, IMPATIENT, NO_PERMISSION, NOT_CI } from './surroundings';

export const TOKEN_FAULTS: readonly FaultRow[] = [
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
