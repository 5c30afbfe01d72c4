import type { RetryOptions } from '../network/retry';
import type { Environment } from '../pulumi/environment';
import type { IdToken } from './id-token';

/** What a CI needs to vouch for its job. */
export interface TokenRequest extends RetryOptions {
  readonly env: Environment;
  /** For whom the token is. A CI whose tokens have one fixed audience answers that where none is asked for. */
  readonly audience: string | undefined;
}

/** A CI that identifies its jobs by OIDC tokens. */
export interface Ci {
  /** As its users call it. */
  readonly name: string;
  /** The audience that AWS expects of its tokens; undefined where they have one of their own. */
  readonly awsAudience: string | undefined;
  /** Tells whether this process is a job of it. */
  detect(env: Environment): boolean;
  /** The number by which its users find the run. */
  runId(env: Environment): string | undefined;
  /** Whether a token can be had at all, as far as the environment tells. */
  hasToken(env: Environment): boolean;
  /**
   * Fetches a token. It lives for minutes: one is fetched for each exchange.
   *
   * @throws Failure identity/oidc-permission-missing, identity/oidc-request-failed, identity/oidc-audience-mismatch
   */
  fetchToken(request: TokenRequest): Promise<IdToken>;
}

/** The audience that AWS's own guides use. */
export const AWS_AUDIENCE = 'sts.amazonaws.com';
