import { pulumiCloudVariables } from '../../ci/pulumi-cloud-token';
import { Failure } from '../../failures/failure';
import type { ProviderServices } from '../../providers/provider-context';
import { storedAccessToken } from '../../pulumi/backend-url';

/**
 * The access token for a service: `PULUMI_ACCESS_TOKEN`, that of `pulumi login`, or one that is exchanged for the token
 * of the CI.
 *
 * @throws Failure identity/pulumi-login-missing, identity/pulumi-token-denied
 */
export async function accessTokenFor(url: string, services: ProviderServices): Promise<string> {
  const { env, ci, organization, onSecret } = services;
  const known = env.PULUMI_ACCESS_TOKEN || storedAccessToken(env, url);
  const token = known || (await pulumiCloudVariables(url, services)).PULUMI_ACCESS_TOKEN;
  if (!token) {
    const needsOrganization = ci?.hasToken(env) === true && organization === undefined;
    throw new Failure({
      class: 'identity',
      code: 'pulumi-login-missing',
      message: `nobody is logged in to ${url}`,
      hint: needsOrganization
        ? `set "organization" in nx.json: then the token of ${ci.name} is exchanged for one of it`
        : `pulumi login ${url}, or set PULUMI_ACCESS_TOKEN`,
    });
  }
  onSecret(token);
  return token;
}
