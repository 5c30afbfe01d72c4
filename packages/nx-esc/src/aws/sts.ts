import type { IdToken } from '../ci/id-token';
import type { Failure } from '../failures/failure';
import {
  awsErrorName,
  identityFailure,
  identityFailureOf,
  isDenied,
  isExpired,
  isThrottled,
  unreachableFailureOf,
} from './aws-failure';
import type { RoleRequest } from './aws-roles';
import { accountOf } from './aws-roles';
import { type AwsContext, callAws, clientOptions, regionOf } from './aws-sdk';
import type { AwsCredentials, AwsSession } from './aws-session';

/** STS's default for the longest session of a role. */
const SAFE_SECONDS = 3600;

export interface AssumeRequest {
  readonly role: RoleRequest;
  readonly sessionName: string;
  readonly region: string | undefined;
}

interface StsAnswer {
  readonly Credentials?: {
    readonly AccessKeyId?: string;
    readonly SecretAccessKey?: string;
    readonly SessionToken?: string;
    readonly Expiration?: Date;
  };
  readonly AssumedRoleUser?: { readonly Arn?: string };
}

/**
 * Exchanges an OIDC token for a session of a role. A token that has expired on the way is fetched anew, once.
 *
 * @throws Failure of the class identity
 */
export async function assumeWithWebIdentity(
  request: AssumeRequest & { readonly fetchToken: () => Promise<IdToken>; readonly source: string },
  context: AwsContext,
): Promise<AwsSession> {
  for (let isFirst = true; ; isFirst = false) {
    const token = await request.fetchToken();
    try {
      const session = await exchange(request, token, context);
      const { subject, audiences } = token.claims;
      return { ...session, source: request.source, audiences, ...(subject !== undefined && { subject }) };
    } catch (error) {
      if (isFirst && isExpired(error)) continue;
      throw webIdentityFailureOf(error, request.role.arn, token) ?? error;
    }
  }
}

async function exchange(request: AssumeRequest, token: IdToken, context: AwsContext): Promise<AssumedSession> {
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient(clientOptions(context, regionOf(context, request.region)));
  return withinLongestSession(request.role.durationSeconds, async (DurationSeconds) => {
    const command = new AssumeRoleWithWebIdentityCommand({
      ...inputOf(request, DurationSeconds),
      WebIdentityToken: token.reveal(),
    });
    return sessionOf(await callAws(context, (abortSignal) => client.send(command, { abortSignal })), request);
  });
}

/**
 * Assumes a role with a session that is there already.
 *
 * @throws Failure of the class identity
 */
export async function assumeRole(request: AssumeRequest, from: AwsSession, context: AwsContext): Promise<AwsSession> {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({
    ...clientOptions(context, regionOf(context, request.region)),
    credentials: from.credentials,
  });
  try {
    const session = await withinLongestSession(request.role.durationSeconds, async (DurationSeconds) => {
      const command = new AssumeRoleCommand(inputOf(request, DurationSeconds));
      return sessionOf(await callAws(context, (abortSignal) => client.send(command, { abortSignal })), request);
    });
    return { ...session, source: `assumed from ${from.arn}` };
  } catch (error) {
    const { arn } = request.role;
    if (!isDenied(error)) throw stsFailureOf(error, `the role ${arn}`) ?? error;
    throw identityFailure('sts-access-denied', `${from.arn} may not assume the role ${arn}`, {
      hint: `allow it sts:AssumeRole, and trust it in the role; or remove "withoutOidc": "assume-role"`,
      error,
    });
  }
}

/**
 * Asks AWS who some credentials belong to.
 *
 * @throws Failure of the class identity
 */
export async function whoIs(
  credentials: AwsCredentials,
  region: string | undefined,
  context: AwsContext,
): Promise<{ readonly arn: string; readonly account: string }> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...clientOptions(context, regionOf(context, region)), credentials });
  try {
    const { Arn = '', Account = '' } = await callAws(context, (abortSignal) =>
      client.send(new GetCallerIdentityCommand({}), { abortSignal }),
    );
    return { arn: Arn, account: Account };
  } catch (error) {
    throw stsFailureOf(error, 'the AWS session of this machine') ?? error;
  }
}

interface AssumeInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds: number;
  readonly Policy?: string;
  readonly PolicyArns?: { readonly arn: string }[];
}

function inputOf({ role, sessionName }: AssumeRequest, DurationSeconds: number): AssumeInput {
  return {
    RoleArn: role.arn,
    RoleSessionName: sessionName,
    DurationSeconds,
    ...(role.policy !== undefined && { Policy: role.policy }),
    ...(role.policyArns.length > 0 && { PolicyArns: role.policyArns.map((arn) => ({ arn })) }),
  };
}

/** A role has a longest session of its own, an hour unless its owner set more: what is asked for is cut to that. */
async function withinLongestSession<T>(seconds: number, assume: (seconds: number) => Promise<T>): Promise<T> {
  try {
    return await assume(seconds);
  } catch (error) {
    const isTooLong = awsErrorName(error) === 'Validation' && /DurationSeconds/.test((error as Error).message);
    if (!isTooLong || seconds <= SAFE_SECONDS) throw error;
    return assume(SAFE_SECONDS);
  }
}

type AssumedSession = Omit<AwsSession, 'source'>;

function sessionOf({ Credentials, AssumedRoleUser }: StsAnswer, { role, sessionName }: AssumeRequest): AssumedSession {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw identityFailure('sts-unreachable', `STS gives no credentials for the role ${role.arn}`, {
      hint: 'check AWS_ENDPOINT_URL_STS, if it is set',
    });
  }
  const arn = AssumedRoleUser?.Arn ?? role.arn;
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      ...(Expiration !== undefined && { expiration: Expiration }),
    },
    arn,
    account: accountOf(arn),
    sessionName,
  };
}

/** Failures of an exchange; what the token says stands beside them, so that it can be compared with what is trusted. */
function webIdentityFailureOf(error: unknown, arn: string, { claims }: IdToken): Failure | undefined {
  const { issuer = '?', subject = '?', audiences } = claims;
  const host = issuer.replace(/^https?:\/\//, '');
  const details = [
    'the token says:',
    `  iss: ${issuer}`,
    `  sub: ${subject}`,
    `  aud: ${audiences.join(', ')}`,
    `the trust policy of the role must have ${host}:aud and ${host}:sub with these values`,
  ];
  const message = error instanceof Error ? error.message : '';
  const name = awsErrorName(error);
  if (isDenied(error)) {
    return identityFailure('sts-access-denied', `the role ${arn} does not trust this job`, {
      hint: 'compare the sub of the token with the condition of the trust policy',
      error,
      details,
    });
  }
  if (/audience/i.test(message) && /^InvalidIdentityToken$/.test(name)) {
    return identityFailure('oidc-audience-mismatch', `AWS expects another audience for the role ${arn}`, {
      hint: 'set "audience" in nx.json to one that the identity provider in IAM lists',
      error,
      details,
    });
  }
  if (/^(?:InvalidIdentityToken|IDPRejectedClaim)$/.test(name)) {
    const isExpiredToken = /expired/i.test(message);
    const code = name === 'IDPRejectedClaim' || isExpiredToken ? 'sts-token-expired' : 'oidc-token-rejected';
    return identityFailure(code, `AWS rejects the OIDC token for the role ${arn}`, {
      hint: isExpiredToken
        ? 'run the job again; if it lasts, check the clock of the machine'
        : `check that the account has an identity provider for ${issuer}`,
      error,
      details,
    });
  }
  return stsFailureOf(error, `the role ${arn}`);
}

function stsFailureOf(error: unknown, what: string): Failure | undefined {
  const unreachable = (): Failure | undefined =>
    unreachableFailureOf(error, { failureClass: 'identity', code: 'sts-unreachable', what: 'AWS STS' });
  if (isThrottled(error)) {
    return identityFailure('sts-throttled', `${what}: AWS STS is asked too often`, {
      hint: 'try again in a minute',
      error,
    });
  }
  if (/^(?:Validation|MalformedPolicyDocument|PackedPolicyTooLarge)$/.test(awsErrorName(error))) {
    return identityFailure('sts-request-invalid', `${what}: AWS STS does not accept the request`, {
      hint: 'check the duration and the session policy in nx.json',
      error,
    });
  }
  return identityFailureOf(error, what) ?? unreachable() ?? deniedFailure(error, what);
}

function deniedFailure(error: unknown, what: string): Failure | undefined {
  if (!isDenied(error)) return undefined;
  return identityFailure('sts-access-denied', `${what}: access denied`, { hint: 'see what AWS says above', error });
}
