import { AwsIdentity } from '../aws/aws-identity';
import type { AwsSession } from '../aws/aws-session';
import { detectCi } from '../ci/detect-ci';
import type { PulumiCloudOptions } from '../ci/pulumi-cloud-token';
import { readTimeLimit } from '../network/time-limit';
import type { Environment } from '../pulumi/environment';
import { FetchedSecrets } from './fetched-secrets';
import type { ProviderServices } from './provider-context';

export interface ProviderServicesOptions {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly organization?: string;
  readonly pulumiCloud?: PulumiCloudOptions;
  readonly onSecret: (secret: string) => void;
  readonly onNote: (text: string) => void;
  readonly onSession?: (session: AwsSession) => void;
}

/** Puts together what providers work with in a run. Nothing is asked for yet. */
export function createProviderServices(options: ProviderServicesOptions): ProviderServices {
  const { env, signal, onSecret, onNote, onSession } = options;
  const timeLimit = readTimeLimit(env);
  const ci = detectCi(env);
  const bearer = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (bearer) onSecret(bearer);
  return {
    ...options,
    timeLimit,
    ci,
    fetched: new FetchedSecrets(),
    aws: new AwsIdentity({ env, signal, timeLimit, ci, onSecret, onNote, ...(onSession && { onSession }) }),
  };
}
