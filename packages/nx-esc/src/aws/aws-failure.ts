import { Failure, type FailureCode } from '../failures/failure';
import { networkErrorOf } from '../network/network-error';
import { isServiceError } from './aws-sdk';

/** Names of AWS's errors, without the ending that SDKs give some of them. */
const CLOCK_SKEW = /^(?:RequestExpired|RequestTimeTooSkewed|RequestInTheFuture)$/;
const SIGNATURE = /^(?:SignatureDoesNotMatch|InvalidSignature)$/;
const EXPIRED = /^(?:ExpiredToken|ExpiredTokenRequest|RequestExpired)$/;
const UNKNOWN_KEY =
  /^(?:InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|MissingAuthenticationToken|IncompleteSignature|AuthFailure|OptInRequired)$/;
const DENIED = /^(?:AccessDenied|UnauthorizedOperation|NotAuthorized|AuthorizationError)$/;
const THROTTLED =
  /^(?:Throttling|ThrottledRequest|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|LimitExceeded)$/;

/** The name of an AWS error, such as `AccessDenied`; empty for what is none. */
export function awsErrorName(error: unknown): string {
  return isServiceError(error) ? error.name.replace(/(?:Exception|Error)$/, '') : '';
}

export function isDenied(error: unknown): boolean {
  return DENIED.test(awsErrorName(error));
}

export function isThrottled(error: unknown): boolean {
  return THROTTLED.test(awsErrorName(error)) || (isServiceError(error) && error.$metadata.httpStatusCode === 429);
}

export function isExpired(error: unknown): boolean {
  return EXPIRED.test(awsErrorName(error));
}

/** What AWS says, on one line. */
export function awsMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.replace(/\s+/g, ' ') : String(error);
}

/**
 * Tells the failures that are about who asks, whichever service answered: they are of the class `identity` wherever they
 * come up. Undefined for all others.
 */
export function identityFailureOf(error: unknown, what: string): Failure | undefined {
  const name = awsErrorName(error);
  const message = error instanceof Error ? error.message : '';
  const isSkew = CLOCK_SKEW.test(name) || (SIGNATURE.test(name) && /expired|not yet current|skew/i.test(message));
  if (isSkew) {
    return identityFailure('clock-skew', `${what}: AWS refuses the time of this machine`, {
      hint: 'set the clock of the machine: AWS tolerates five minutes',
      error,
    });
  }
  if (EXPIRED.test(name)) {
    return identityFailure('sts-token-expired', `${what}: the AWS session has expired`, {
      hint: 'log in again; in CI, run the job again',
      error,
    });
  }
  if (UNKNOWN_KEY.test(name) || SIGNATURE.test(name)) {
    return identityFailure('credentials-rejected', `${what}: AWS does not accept the credentials`, {
      hint: 'check the access keys: they may have been deleted, or belong to another partition or endpoint',
      error,
    });
  }
  return noCredentials(error, what);
}

/** The default chain of the SDK found nothing, or a login in it has ended. */
function noCredentials(error: unknown, what: string): Failure | undefined {
  if (!(error instanceof Error) || !/^(?:CredentialsProviderError|TokenProviderError)$/.test(error.name))
    return undefined;
  const isSso = /sso/i.test(error.message);
  return identityFailure('no-credentials', `${what}: there are no AWS credentials`, {
    hint: isSso
      ? 'log in: aws sso login'
      : 'log in (aws sso login), choose a profile (AWS_PROFILE), or run in a CI with OIDC: see docs/identity.md',
    error,
  });
}

export function identityFailure(
  code: FailureCode,
  message: string,
  {
    hint,
    error,
    details = [],
  }: { readonly hint: string; readonly error?: unknown; readonly details?: readonly string[] },
): Failure {
  return new Failure(
    {
      class: 'identity',
      code,
      message,
      hint,
      details: [...(error === undefined ? [] : [awsMessage(error)]), ...details],
    },
    { cause: error },
  );
}

/** An endpoint that gives no answer, or only errors of its own. */
export function unreachableFailureOf(
  error: unknown,
  {
    failureClass,
    code,
    what,
  }: { readonly failureClass: 'identity' | 'secrets'; readonly code: FailureCode; readonly what: string },
): Failure | undefined {
  const network = networkErrorOf(error);
  const status = isServiceError(error) ? (error.$metadata.httpStatusCode ?? 0) : 0;
  if (network === undefined && status < 500) return undefined;
  const reason = network?.message ?? `it answers ${status}`;
  return new Failure(
    {
      class: failureClass,
      code,
      message: `${what} cannot be reached: ${reason}`,
      hint:
        network?.fault === 'tls'
          ? 'a proxy may be in between: give its certificate by NODE_EXTRA_CA_CERTS'
          : 'check the network, the region, and AWS_ENDPOINT_URL if it is set',
    },
    { cause: error },
  );
}
