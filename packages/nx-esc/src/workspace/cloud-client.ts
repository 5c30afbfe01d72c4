import { EscClient } from '../backends/cloud/esc-client';
import { accessTokenFor } from '../backends/cloud/sign-in';
import type { ProviderServices } from '../providers/provider-context';
import { resolveCloudUrl } from '../pulumi/backend-url';
import type { NormalizedOptions } from './plugin-options';

/** A client of the service that keeps the environments. Nobody is logged in before the first request. */
export function createEscClient({ pulumiCloud }: NormalizedOptions, services: ProviderServices): EscClient {
  const { env, signal, timeLimit } = services;
  const url = resolveCloudUrl(env, pulumiCloud?.url);
  let token: Promise<string> | undefined;
  return new EscClient({ url, signal, timeLimit, accessToken: () => (token ??= accessTokenFor(url, services)) });
}
