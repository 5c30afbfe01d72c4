import { Failure } from '../failures/failure';
import { networkErrorOf } from '../network/network-error';
import { jsonObjectOf, request } from '../network/request';
import type { TimeLimit } from '../network/time-limit';
import { storedAccessToken } from '../pulumi/backend-url';
import type { Environment } from '../pulumi/environment';
import type { Ci } from './ci';

const CHECK = 'check the network and the URL of the backend';

/** Which kind of token Pulumi Cloud is asked for; `pulumiCloud` in nx.json. */
export interface PulumiCloudOptions {
  /** URL of the service, where it is neither that of `PULUMI_BACKEND_URL` nor the one logged in to. */
  readonly url?: string;
  readonly tokenType?: 'organization' | 'team' | 'personal';
  /** What the token may do: `team:<name>` or `user:<login>` for these kinds. */
  readonly scope?: string;
  /** Seconds for which it is good. */
  readonly expiration?: number;
}

export interface PulumiCloudRequest {
  readonly env: Environment;
  readonly ci: Ci | undefined;
  readonly organization?: string;
  readonly signal: AbortSignal;
  readonly timeLimit: TimeLimit;
  readonly onSecret: (secret: string) => void;
  readonly pulumiCloud?: PulumiCloudOptions;
}

const DEFAULT_EXPIRATION_SECONDS = 7200;

/**
 * Exchanges the token of the CI for an access token of Pulumi Cloud, so that none has to be stored. Empty where somebody
 * is logged in already, or no token can be had: then `pulumi` says so itself.
 *
 * @throws Failure identity/pulumi-token-denied, identity/pulumi-cloud-unreachable, and those of the CI
 */
export async function pulumiCloudVariables(backendUrl: string, options: PulumiCloudRequest): Promise<Environment> {
  const { env, ci, organization, onSecret } = options;
  if (env.PULUMI_ACCESS_TOKEN || storedAccessToken(env, backendUrl) || ci?.hasToken(env) !== true || !organization)
    return {};
  const { signal, timeLimit } = options;
  const audience = `urn:pulumi:org:${organization}`;
  const idToken = await ci.fetchToken({ env, audience, signal, timeLimit });
  onSecret(idToken.reveal());
  const token = await exchange(backendUrl, { audience, subjectToken: idToken.reveal(), options });
  if (token.accessToken === undefined) {
    throw new Failure({
      class: 'identity',
      code: 'pulumi-token-denied',
      message: `Pulumi Cloud gives no access token for this job: ${token.reason}`,
      hint: `add an OIDC issuer for ${idToken.claims.issuer ?? 'the CI'} to the organization ${organization}, with a policy for the subject ${idToken.claims.subject ?? '?'}`,
    });
  }
  onSecret(token.accessToken);
  return { PULUMI_ACCESS_TOKEN: token.accessToken };
}

interface Exchange {
  readonly audience: string;
  readonly subjectToken: string;
  readonly options: PulumiCloudRequest;
}

type Exchanged = { readonly accessToken: string } | { readonly accessToken?: undefined; readonly reason: string };

/** The token exchange of RFC 8693, with Pulumi's own kinds of tokens. */
async function exchange(backendUrl: string, { audience, subjectToken, options }: Exchange): Promise<Exchanged> {
  const { signal, timeLimit, pulumiCloud = {} } = options;
  const { tokenType = 'organization', scope, expiration = DEFAULT_EXPIRATION_SECONDS } = pulumiCloud;
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    subject_token: subjectToken,
    requested_token_type: `urn:pulumi:token-type:access_token:${tokenType}`,
    expiration: String(expiration),
    ...(scope !== undefined && { scope }),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const url = `${backendUrl.replace(/\/+$/, '')}/api/oauth/token`;
  try {
    const { status, text } = await request({ url, method: 'POST', headers, body: form.toString(), signal, timeLimit });
    const answer = jsonObjectOf(text);
    if (status === 200 && typeof answer?.access_token === 'string') return { accessToken: answer.access_token };
    if (status >= 500)
      throw pulumiCloudUnreachable(backendUrl, `its token endpoint answers ${status}`, { hint: CHECK });
    const said = [answer?.error_description, answer?.message, answer?.error].find((part) => typeof part === 'string');
    return { reason: `it answers ${status}${said === undefined ? '' : ` (${said as string})`}` };
  } catch (error) {
    const network = networkErrorOf(error);
    if (signal.aborted || network === undefined) throw error;
    throw pulumiCloudUnreachable(backendUrl, network.message, { hint: CHECK, cause: error });
  }
}

/** The failure of a service of Pulumi Cloud's API that does not answer. */
export function pulumiCloudUnreachable(
  url: string,
  why: string,
  { hint, cause }: { readonly hint: string; readonly cause?: unknown },
): Failure {
  return new Failure(
    { class: 'identity', code: 'pulumi-cloud-unreachable', message: `${url} cannot be reached: ${why}`, hint },
    { cause },
  );
}
