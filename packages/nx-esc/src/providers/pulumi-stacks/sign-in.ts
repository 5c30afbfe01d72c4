import type { AwsRoles } from '../../aws/aws-roles';
import { sessionVariables } from '../../aws/session-variables';
import { pulumiCloudVariables } from '../../ci/pulumi-cloud-token';
import type { ProviderServices } from '../provider-context';
import type { SignIn } from './stack-outputs';

/**
 * Signs in to read states: as the reader of the environment, or as who deploys it; and to Pulumi Cloud with the token of
 * the CI. Where nx.json names no roles, `pulumi` finds its own credentials.
 */
export function signInToState(services: ProviderServices, roles: AwsRoles): SignIn {
  const role = roles.reader ?? roles.deploy;
  return async (backend) => {
    if (backend.isCloud) return pulumiCloudVariables(backend.url, services);
    return role === undefined ? {} : sessionVariables(await services.aws.role(role, roles).get(), roles.region);
  };
}
