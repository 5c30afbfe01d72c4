import type { CloudIdentity } from '../audit/audit-record';
import type { AwsRoles } from '../aws/aws-roles';
import { type AwsSession, type RenewedSession } from '../aws/aws-session';
import { CredentialsEndpoint } from '../aws/credentials-endpoint';
import { regionVariables, sessionVariables } from '../aws/session-variables';
import { pulumiCloudVariables } from '../ci/pulumi-cloud-token';
import type { ProviderServices } from '../providers/provider-context';
import type { StateBackend } from '../pulumi/backend-url';
import type { Environment } from '../pulumi/environment';

/** With whose credentials a stack is deployed. */
export class DeploymentIdentity {
  private constructor(
    /** Who that is, in words. */
    readonly summary: string,
    /** Who that is to the audit log. */
    readonly who: CloudIdentity,
    /** Variables for `pulumi`: it can have its credentials renewed as long as it runs. */
    readonly pulumiVariables: Environment,
    private readonly roles: AwsRoles,
    private readonly session: RenewedSession | undefined,
    private readonly endpoint: CredentialsEndpoint | undefined,
  ) {}

  /**
   * Begins the sessions of the environment's roles side by side, and that of Pulumi Cloud where the state is there. Where
   * nx.json says nothing of the environment, children find the credentials of this machine by themselves.
   *
   * @throws Failure of the class identity
   */
  static async establish(
    services: ProviderServices,
    roles: AwsRoles,
    backend: StateBackend,
  ): Promise<DeploymentIdentity> {
    const deploy = deploySession(services, roles);
    const reader = roles.reader === undefined ? undefined : services.aws.role(roles.reader, roles);
    const [cloud, deployed, read] = await Promise.all([
      backend.isCloud ? pulumiCloudVariables(backend.url, services) : {},
      deploy?.get(),
      reader?.get(),
    ]);
    const parts = [
      ...(deployed === undefined ? [] : [`deploy as ${describeSession(deployed)}`]),
      ...(read === undefined ? [] : [`read as ${describeSession(read)}`]),
      ...(Object.keys(cloud).length === 0 ? [] : [`Pulumi Cloud: OIDC token of ${services.ci?.name ?? 'the CI'}`]),
    ];
    const { subject, arn } = deployed ?? read ?? {};
    const sessions = [deployed, read].filter((session) => session !== undefined);
    const summary = parts.length === 0 ? describeAmbient(services.env) : parts.join(', ') + describeSources(sessions);
    const session = roles.deploy === undefined ? undefined : deploy;
    const endpoint = session && (await CredentialsEndpoint.start(session, services.onSecret));
    const variables = { ...cloud, ...regionVariables(roles.region), ...endpoint?.variables };
    const who = { ...(subject !== undefined && { subject }), ...(arn !== undefined && { arn }) };
    return new DeploymentIdentity(summary, who, variables, roles, session, endpoint);
  }

  /** Variables for a command of the app: a session of its own length, as tools of any age read it. */
  async commandVariables(): Promise<Environment> {
    if (this.session === undefined) return regionVariables(this.roles.region);
    return sessionVariables(await this.session.get(), this.roles.region);
  }

  close(): void {
    this.endpoint?.close();
  }
}

/** The session to deploy with; undefined where it is nobody's business but that of the children. */
function deploySession({ aws }: ProviderServices, roles: AwsRoles): RenewedSession | undefined {
  if (roles.deploy !== undefined) return aws.role(roles.deploy, roles);
  return roles.account === undefined ? undefined : aws.ambient(roles);
}

/** Says who a session is: a session of a role by the role and its name, anybody else by the ARN. */
function describeSession({ arn, account }: AwsSession): string {
  const [, session] = arn.split(':assumed-role/');
  return session === undefined ? arn : `${session} in ${account}`;
}

/** Says where sessions come from, each origin once. */
function describeSources(sessions: readonly AwsSession[]): string {
  return sessions.length === 0 ? '' : ` (${[...new Set(sessions.map(({ source }) => source))].join(', ')})`;
}

/** Which credentials children will find, by the variables that name them. */
function describeAmbient(env: Environment): string {
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE !== undefined)
    return `ambient: web identity token, role ${env.AWS_ROLE_ARN ?? 'unknown'}`;
  if (env.AWS_ACCESS_KEY_ID !== undefined)
    return env.AWS_SESSION_TOKEN === undefined ? 'ambient: static AWS access key' : 'ambient: AWS session';
  if (env.AWS_PROFILE !== undefined) return `ambient: AWS profile ${env.AWS_PROFILE}`;
  return 'ambient: no AWS credentials in the environment';
}
