import { identityFailureOf, unreachableFailureOf } from './aws-failure';
import { type AwsContext, callAws, clientOptions, regionOf } from './aws-sdk';
import type { AwsCredentials, AwsSession } from './aws-session';
import { whoIs } from './sts';

/** What the SDK's chain found, by the mark that it leaves (`$source`), the most telling one first. */
const SOURCES: readonly (readonly [string, string])[] = [
  ['CREDENTIALS_STS_ASSUME_ROLE_WEB_ID', 'web identity token'],
  ['CREDENTIALS_STS_ASSUME_ROLE', 'role of a profile'],
  ['CREDENTIALS_SSO_LEGACY', 'SSO login'],
  ['CREDENTIALS_SSO', 'SSO login'],
  ['CREDENTIALS_PROFILE_SSO', 'SSO login'],
  ['CREDENTIALS_PROCESS', 'credential process'],
  ['CREDENTIALS_HTTP', 'container role'],
  ['CREDENTIALS_IMDS', 'instance role'],
  ['CREDENTIALS_PROFILE', 'profile'],
  ['CREDENTIALS_ENV_VARS', 'environment variables'],
];

/**
 * The AWS session that this machine has already: of configure-aws-credentials, SSO, a profile, a container or instance
 * role, by the SDK's default chain.
 *
 * @throws Failure identity/no-credentials, identity/sts-token-expired, identity/sts-unreachable
 */
export async function ambientSession(context: AwsContext, region: string | undefined): Promise<AwsSession> {
  const { env } = context;
  const credentials = await readChain(context, region);
  const profile = env.AWS_PROFILE === undefined ? '' : ` (profile ${env.AWS_PROFILE})`;
  const source = `${sourceOf(credentials)}${profile}`;
  return { credentials, source, ...(await whoIs(credentials, region, context)) };
}

async function readChain(context: AwsContext, region: string | undefined): Promise<AwsCredentials> {
  const options = clientOptions(context, regionOf(context, region));
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const provide = fromNodeProviderChain({ clientConfig: options });
  const what = 'the AWS session of this machine';
  try {
    return await callAws(context, (signal) => orAbort(provide(), signal));
  } catch (error) {
    throw (
      identityFailureOf(error, what) ??
      unreachableFailureOf(error, { failureClass: 'identity', code: 'sts-unreachable', what }) ??
      error
    );
  }
}

/** The chain takes no signal. */
function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function sourceOf(credentials: AwsCredentials): string {
  const { $source: marks = {} } = credentials as AwsCredentials & {
    readonly $source?: Readonly<Record<string, string>>;
  };
  return SOURCES.find(([mark]) => mark in marks)?.[1] ?? 'default chain of the AWS SDK';
}
