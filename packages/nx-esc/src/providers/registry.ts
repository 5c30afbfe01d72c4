import type { Provider } from 'esc-eval';
import { createAwsLoginProvider } from './aws-login/provider';
import { createAwsParameterStoreProvider } from './aws-parameter-store/provider';
import { createAwsSecretsProvider } from './aws-secrets/provider';
import { createCloudOnlyProvider } from './cloud-only/provider';
import { CLOUD_ONLY } from './cloud-only/schemas';
import { createExternalProvider } from './external/provider';
import { createDebugOidcClaimsProvider, createOidcProvider } from './oidc/provider';
import type { ProviderContext, ProviderFactory } from './provider-context';
import { createPulumiStacksProvider } from './pulumi-stacks/provider';

const FACTORIES: ReadonlyMap<string, ProviderFactory> = new Map<string, ProviderFactory>([
  ['aws-login', createAwsLoginProvider],
  ['aws-secrets', createAwsSecretsProvider],
  ['aws-parameter-store', createAwsParameterStoreProvider],
  ['external', createExternalProvider],
  ['oidc', createOidcProvider],
  ['debug-oidc-claims', createDebugOidcClaimsProvider],
]);

/** Names of the providers that environments can open, here or in Pulumi Cloud. */
export const PROVIDER_NAMES: readonly string[] = [
  'pulumi-stacks',
  ...FACTORIES.keys(),
  ...Object.keys(CLOUD_ONLY),
].sort();

/** The provider of a name; undefined where there is none of that name. */
export function createProvider(name: string, context: ProviderContext): Provider | undefined {
  if (name === 'pulumi-stacks') return context.stacks && createPulumiStacksProvider(context.stacks);
  return FACTORIES.get(name)?.(context) ?? createCloudOnlyProvider(name);
}
