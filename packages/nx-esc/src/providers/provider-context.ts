import type { Provider } from 'esc-eval';
import type { AwsIdentity } from '../aws/aws-identity';
import type { AwsRoles } from '../aws/aws-roles';
import type { Ci } from '../ci/ci';
import type { PulumiCloudOptions } from '../ci/pulumi-cloud-token';
import type { TimeLimit } from '../network/time-limit';
import type { Environment } from '../pulumi/environment';
import type { PulumiStacksOptions } from './pulumi-stacks/provider';
import type { FetchedSecrets } from './fetched-secrets';

/** What providers have in common for a whole run: identities, and what was fetched already. */
export interface ProviderServices {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly timeLimit: TimeLimit;
  readonly ci: Ci | undefined;
  readonly aws: AwsIdentity;
  readonly fetched: FetchedSecrets;
  readonly organization?: string;
  readonly pulumiCloud?: PulumiCloudOptions;
  readonly onSecret: (secret: string) => void;
  readonly onNote: (text: string) => void;
}

/** What a provider works with in one evaluation. */
export interface ProviderContext {
  readonly services: ProviderServices;
  /** AWS identities of the environment that is being opened. */
  readonly roles: AwsRoles;
  /** Undefined where no state can be read. */
  readonly stacks: PulumiStacksOptions | undefined;
  /** Told when credentials that a provider answers end. */
  readonly onExpiry?: (time: Date) => void;
}

/** Makes a provider for one evaluation. */
export type ProviderFactory = (context: ProviderContext) => Provider;
