import {
  GITHUB_ISSUER,
  type IamDocument,
  PULUMI_ISSUER,
  readerDocument,
  stateStatements,
  trustDocument,
  type TrustRequest,
} from './iam-documents';
import type { OpenedResource } from './opened-resources';

/** A role of an app in one environment. */
export interface PlannedRole {
  readonly purpose: 'deploy' | 'reader';
  readonly name: string;
  readonly environment: string;
  readonly trust: IamDocument;
  /** What it may do; undefined where that is for its owner to say. */
  readonly policy?: IamDocument;
}

export interface RolesRequest {
  readonly escProject: string;
  readonly environment: string;
  readonly account: string;
  readonly partition: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** Whether pull requests may take on the roles too, for previews. */
  readonly trustsPullRequests: boolean;
  /** Organization in Pulumi Cloud whose environments may take on the reader role. */
  readonly organization?: string;
  readonly resources: readonly OpenedResource[];
  readonly kmsKeys: readonly string[];
  readonly stateBucket?: string;
  /** Name of the reader role that the environment logs in with already. */
  readonly readerRole?: string;
}

/** The two roles of an app in an environment: one that deploys, and one that reads its secrets and nothing else. */
export function plannedRoles(request: RolesRequest): PlannedRole[] {
  const { escProject, environment, account, partition, stateBucket } = request;
  const github = githubTrust(request);
  const deploy: PlannedRole = {
    purpose: 'deploy',
    name: roleName(escProject, environment, 'deploy'),
    environment,
    trust: trustDocument([github]),
    ...(stateBucket !== undefined && {
      policy: { Version: '2012-10-17', Statement: stateStatements(stateBucket, partition) },
    }),
  };
  const policy = readerDocument({ ...request, account, partition });
  if (policy === undefined) return [deploy];
  const reader: PlannedRole = {
    purpose: 'reader',
    name: request.readerRole ?? roleName(escProject, environment, 'esc-reader'),
    environment,
    trust: trustDocument([github, ...pulumiTrusts(request)]),
    policy,
  };
  return [deploy, reader];
}

/** The ARN that a planned role will have. */
export function roleArn(
  { name }: PlannedRole,
  { account, partition }: Pick<RolesRequest, 'account' | 'partition'>,
): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

function githubTrust({ account, partition, repository, environment, trustsPullRequests }: RolesRequest): TrustRequest {
  const subjects = [`repo:${repository}:environment:${environment}`];
  if (trustsPullRequests) subjects.push(`repo:${repository}:pull_request`);
  return { account, partition, issuer: GITHUB_ISSUER, audience: 'sts.amazonaws.com', subjects };
}

/** The audience and subject of tokens that Pulumi Cloud issues for an environment. */
function pulumiTrusts({ account, partition, organization, escProject, environment }: RolesRequest): TrustRequest[] {
  if (organization === undefined) return [];
  const subject = `pulumi:environments:org:${organization}:env:${escProject}/${environment}`;
  return [{ account, partition, issuer: PULUMI_ISSUER, audience: `aws:${organization}`, subjects: [subject] }];
}

/** IAM takes 64 characters. */
function roleName(escProject: string, environment: string, purpose: string): string {
  const end = `-${environment}-${purpose}`;
  return `${escProject.slice(0, Math.max(1, 64 - end.length))}${end}`.slice(-64);
}
