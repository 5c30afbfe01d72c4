import { NetworkError, networkErrorOf } from '../network/network-error';
import { type TimeLimit, withinTimeLimit } from '../network/time-limit';
import { adoptVariables } from '../process/adopt-variables';
import type { Environment } from '../pulumi/environment';

/** What every call to AWS is made with. */
export interface AwsContext {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly timeLimit: TimeLimit;
}

/** The SDK's own standard retries: throttling, 5xx and broken connections, with back-off and jitter. */
const ATTEMPTS = 4;
const CONNECTION_MS = 5000;
const DEFAULT_REGION = 'us-east-1';

/** Options of a client; credentials are the caller's. Endpoints come from the SDK's own AWS_ENDPOINT_URL variables. */
export function clientOptions({ env, timeLimit }: AwsContext, region: string): object {
  adoptVariables({ ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }, /^AWS_/);
  const { attemptMs } = timeLimit;
  return {
    region,
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: Math.min(CONNECTION_MS, attemptMs),
      requestTimeout: attemptMs,
      socketTimeout: attemptMs,
      throwOnRequestTimeout: true,
    },
  };
}

/** The region of calls that no option gives one: that of the process's environment, or STS's oldest. */
export function regionOf({ env }: Pick<AwsContext, 'env'>, region?: string): string {
  return region || env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION;
}

/**
 * Makes a call, with all its repetitions in the time limit. Errors that are about the connection come out as
 * NetworkError, those of the service as they are.
 */
export function callAws<T>(
  { signal, timeLimit }: Pick<AwsContext, 'signal' | 'timeLimit'>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withinTimeLimit(signal, timeLimit.totalMs, async (limited) => {
    try {
      return await call(limited);
    } catch (error) {
      signal.throwIfAborted();
      if (limited.aborted) throw new NetworkError('timeout', 'it does not answer in time', { cause: error });
      if (isCutOff(error)) throw new NetworkError('truncated', 'its answer is cut off', { cause: error });
      throw isServiceError(error) ? error : (networkErrorOf(error) ?? error);
    }
  });
}

/** An error that the service answered. */
export interface ServiceError extends Error {
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Tells whether an error is an answer of the service, rather than the lack of one. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && '$fault' in error && '$metadata' in error;
}

/** What the SDK would have thrown, of an error that stands in an answer. */
export function createServiceError(name: string, message: string): ServiceError {
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata: {} });
}

/** What the SDK makes of an answer that it cannot read. */
function isCutOff(error: unknown): boolean {
  return error instanceof Error && /Deserialization error/.test(error.message);
}
