import { defineFailures } from './entry';

/** Who runs this: tokens of the runner, roles, sessions. */
export const IDENTITY_FAILURES = defineFailures('identity', {
  'oidc-permission-missing': {
    meaning: 'the job may not ask its CI for an OIDC token',
    causes: ['the job lacks `permissions: id-token: write`', 'a pull request from a fork, which never has it'],
    remedies: [
      'add `permissions: { contents: read, id-token: write }` to the job',
      'only check in pull requests from forks',
    ],
    example: 'this job may not request an OIDC token\n  → add "id-token: write" to the permissions of the job',
  },
  'oidc-request-failed': {
    meaning: 'the token endpoint of the CI does not answer with a token',
    causes: ['an outage of the CI', 'a proxy in between', 'a token of the job that has expired'],
    remedies: ['look at the status of the CI, and run the job again'],
    retry: 'back-off',
    example: 'the token endpoint answered 500\n  → run the job again; see the status page of the CI',
  },
  'oidc-audience-mismatch': {
    meaning: 'the token is for another audience than the role wants',
    causes: ['`audience` of the options and the `aud` condition of the trust policy differ'],
    remedies: ['write the same audience in both; for AWS it is `sts.amazonaws.com`'],
    example: 'the token is for "api", the role wants "sts.amazonaws.com"\n  → set the audience to sts.amazonaws.com',
  },
  'sts-access-denied': {
    meaning: 'the role does not trust this token or session',
    causes: [
      'the `sub` condition of its trust policy names another repository, branch or environment',
      'the role does not exist',
    ],
    remedies: [
      'compare the subject of the message with the trust policy',
      '`nx-esc whoami` shows subject and audience',
    ],
    example:
      'not authorized to assume arn:aws:iam::123456789012:role/api-deploy\n  subject  repo:acme/shop:ref:refs/heads/main\n  audience sts.amazonaws.com\n  → trust that subject in the policy of the role',
  },
  'sts-token-expired': {
    meaning: 'the token or session has expired',
    causes: ['a token of minutes that waited too long', 'a long job with a session of one hour'],
    remedies: ['log in again: `aws sso login`', 'give the role a longer duration'],
    retry: 'new-token',
    example: 'the session of the profile "staging" has expired\n  → aws sso login --profile staging',
  },
  'clock-skew': {
    meaning: 'the clock of this machine is wrong: AWS refuses what it signs',
    causes: ['a virtual machine that was asleep'],
    remedies: ['set the clock, and keep it by NTP'],
    example: 'the clock of this machine is 10 minutes behind that of AWS\n  → set the clock',
  },
  'no-credentials': {
    meaning: 'there are no AWS credentials: no token, no session, no profile',
    causes: ['not logged in', 'the job has no identity step'],
    remedies: ['log in: `aws sso login`', 'in CI, set the role of the environment'],
    example:
      'no AWS credentials were found\n  → log in, for instance with "aws sso login", or set a role for this environment',
  },
  'wrong-account': {
    meaning: 'the session is of another AWS account than the options name',
    causes: ['the profile of another environment', 'variables of an earlier session'],
    remedies: ['log in to the account of the message', 'unset `AWS_ACCESS_KEY_ID` and its companions'],
    example:
      'the session is of account 111111111111, the environment wants 222222222222\n  → log in to account 222222222222',
  },
  'sts-unreachable': {
    meaning: 'STS does not answer',
    causes: ['no network, no route, or a proxy', 'a region that is not enabled', 'TLS is intercepted'],
    remedies: ['check the network and `AWS_REGION`'],
    retry: 'back-off',
    example: 'sts.eu-west-1.amazonaws.com does not answer (10 s)\n  → check the network and the region',
  },
  'oidc-token-rejected': {
    meaning: 'AWS does not accept the token of the CI',
    causes: ['the account has no identity provider for its issuer'],
    remedies: ['add the provider: `nx g nx-esc:oidc` generates it'],
    example:
      'AWS does not accept tokens of https://token.actions.githubusercontent.com\n  → add it as an identity provider',
  },
  'no-oidc-token': {
    meaning: 'a token is needed, and this is no CI that gives one',
    causes: ['a role that only CI may take on'],
    remedies: ['log in to AWS: the ambient session is used'],
    example: 'there is no OIDC token outside of a CI\n  → log in: aws sso login',
  },
  'sts-throttled': {
    meaning: 'AWS STS is asked too often',
    causes: ['many jobs at once'],
    remedies: ['run it again'],
    retry: 'back-off',
    example: 'STS is asked too often\n  → run it again',
  },
  'sts-request-invalid': {
    meaning: 'AWS STS refuses the duration or the policy of a session',
    causes: ['a duration beyond the maximum of the role'],
    remedies: ['shorten `duration`, or raise the maximum session duration of the role'],
    example: 'STS refuses the request: DurationSeconds exceeds the maximum\n  → shorten the duration',
  },
  'credentials-rejected': {
    meaning: 'AWS does not know the credentials',
    causes: ['a key that was deleted', 'credentials of another partition'],
    remedies: ['log in again'],
    example: 'AWS does not know the credentials in use\n  → log in again',
  },
  'pulumi-token-denied': {
    meaning: 'Pulumi Cloud gives no access token for the token of the CI',
    causes: ['the organization does not trust the issuer', 'the policy of the issuer names another subject'],
    remedies: ['register the issuer in the settings of the organization'],
    example: 'Pulumi Cloud denies an access token for acme\n  → register the issuer',
  },
  'pulumi-cloud-unreachable': {
    meaning: 'Pulumi Cloud does not answer',
    causes: ['no network, or a proxy'],
    remedies: ['check the network and the address of the service'],
    retry: 'back-off',
    example: 'api.pulumi.com does not answer\n  → check the network',
  },
  'pulumi-login-missing': {
    meaning: 'nobody is logged in to the service that keeps the environments',
    causes: ['no `PULUMI_ACCESS_TOKEN`, no `pulumi login` to this URL, and no OIDC token to exchange'],
    remedies: ['`pulumi login <url>`', 'set `PULUMI_ACCESS_TOKEN`', 'in CI, set `organization` and trust its issuer'],
    example: 'nobody is logged in to https://api.pulumi.com\n  → pulumi login, or set PULUMI_ACCESS_TOKEN',
  },
  'pulumi-token-rejected': {
    meaning: 'Pulumi Cloud does not accept the access token (401)',
    causes: ['the token has expired or was deleted', 'it is a token of another service'],
    remedies: ['log in again: `pulumi login <url>`', 'look at `PULUMI_BACKEND_URL` and `PULUMI_ACCESS_TOKEN`'],
    retry: 'new-token',
    example: 'https://api.pulumi.com does not accept the access token\n  → log in again: pulumi login',
  },
  'pulumi-access-denied': {
    meaning: 'the access token may not do this (403)',
    causes: ['the team or token has no permission for the environment', 'the service is read-only'],
    remedies: ['give its team permission in the settings of the environment'],
    example: 'https://api.pulumi.com refuses access to acme/api/staging\n  → ask for permission to open it',
  },
  'pulumi-cloud-throttled': {
    meaning: 'Pulumi Cloud refuses so many requests, after all retries too (429)',
    causes: ['many jobs at once'],
    remedies: ['run it again in a minute'],
    retry: 'back-off',
    example: 'https://api.pulumi.com refuses more requests for now\n  → run it again in a minute',
  },
});
