import { type ExportedValue, secret } from 'esc-eval';
import type { IdToken } from '../../ci/id-token';
import { Failure } from '../../failures/failure';
import { textOf } from '../inputs';
import type { ProviderFactory, ProviderServices } from '../provider-context';
import { ProviderFailure } from '../provider-failure';
import { duration, object, oneOf, schema, string } from '../schemas';

/**
 * `fn::open::oidc`: a token for an audience. Pulumi Cloud issues its own; here it is the token of the CI, with the CI's
 * issuer, subject and duration.
 */
export const createOidcProvider: ProviderFactory = ({ services, onExpiry }) => ({
  inputs: schema(object({ 'audience*': string, 'identityToken*': object({ 'version*': string }), duration })),
  outputs: schema(string),
  async open(inputs, _execution, { signal }) {
    const token = await fetchToken(inputs, services, signal);
    const { expiresAt } = token.claims;
    if (expiresAt !== undefined) onExpiry?.(new Date(expiresAt * 1000));
    return secret(token.reveal());
  },
});

/** `fn::open::debug-oidc-claims`: what the token of the CI would say. */
export const createDebugOidcClaimsProvider: ProviderFactory = ({ services }) => ({
  inputs: schema(oneOf(object({ 'audience*': string }), object({ 'audiencePrefix*': string }))),
  outputs: schema({ type: 'object', additionalProperties: true }),
  open: async (inputs, _execution, { signal }) => (await fetchToken(inputs, services, signal)).claims.all,
});

async function fetchToken(inputs: ExportedValue, services: ProviderServices, signal: AbortSignal): Promise<IdToken> {
  const prefix = textOf(inputs, 'audiencePrefix');
  const audience = textOf(inputs, 'audience') ?? (prefix && `${prefix}:${services.organization ?? ''}`);
  try {
    return await fetchCiToken(services, audience, signal);
  } catch (error) {
    throw error instanceof Failure ? new ProviderFailure(error) : error;
  }
}

/**
 * Fetches a token of the CI for an audience.
 *
 * @throws Failure identity/no-oidc-token outside of a CI
 */
export async function fetchCiToken(
  { ci, env, timeLimit, onSecret }: ProviderServices,
  audience: string | undefined,
  signal: AbortSignal,
): Promise<IdToken> {
  if (ci === undefined) {
    throw new Failure({
      class: 'identity',
      code: 'no-oidc-token',
      message: 'there is no OIDC token outside of a CI',
      hint: 'run it in a CI that issues tokens, such as GitHub Actions with "id-token: write"',
    });
  }
  const token = await ci.fetchToken({ env, audience, signal, timeLimit });
  onSecret(token.reveal());
  return token;
}
