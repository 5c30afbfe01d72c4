import { AWS_AUDIENCE } from '../ci/ci';
import {
  GITHUB_ISSUER,
  type IamDocument,
  PULUMI_ISSUER,
  readerDocument,
  stateStatements,
  trustDocument,
} from './iam-documents';
import type { OpenedResource } from './opened-resources';
import type { RecipientKey } from './recipient-keys';

/** A role of an app. */
export interface PlannedRole {
  readonly purpose: 'deploy' | 'reader';
  readonly name: string;
  /** The environments that it is for: several, where they log in with the same role. */
  readonly environments: readonly string[];
  readonly trust: IamDocument;
  /** What it may do; undefined where that is for its owner to say. */
  readonly policy?: IamDocument;
}

/** An environment that is deployed, and what it opens. */
export interface RoleEnvironment {
  readonly name: string;
  readonly resources: readonly OpenedResource[];
  readonly readsStacks: boolean;
  /** With what its secrets at rest are opened. */
  readonly recipientKeys: readonly RecipientKey[];
  /** Name of the role that it logs in with, where it says so. */
  readonly readerRole?: string;
  /** The audience that its runs ask for, where nx.json names one. */
  readonly audience?: string;
}

export interface RolesRequest {
  readonly escProject: string;
  readonly environments: readonly RoleEnvironment[];
  readonly account: string;
  readonly partition: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** The environment whose roles pull requests may take on too: the one that is previewed for them. */
  readonly previewed?: string;
  /** Organization in Pulumi Cloud whose environments may take on the reader role. */
  readonly organization?: string;
  readonly kmsKeys: readonly string[];
  readonly stateBucket?: string;
}

/** The ARN of a role in the account that roles are planned for. */
export function roleArn({ account, partition }: Pick<RolesRequest, 'account' | 'partition'>, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

/** The roles of an app: for each environment one that deploys, and one that reads its secrets and nothing else. */
export function plannedRoles(request: RolesRequest): PlannedRole[] {
  const readers = new Map<string, RoleEnvironment[]>();
  for (const environment of request.environments) {
    if (environment.resources.length === 0 && environment.recipientKeys.length === 0) continue;
    const name = environment.readerRole ?? roleName(request.escProject, environment.name, 'esc-reader');
    readers.set(name, [...(readers.get(name) ?? []), environment]);
  }
  return [
    ...request.environments.map((environment) => deployRole(request, environment)),
    ...[...readers].map(([name, environments]) => readerRole(request, name, environments)),
  ];
}

function deployRole(request: RolesRequest, environment: RoleEnvironment): PlannedRole {
  const { escProject, stateBucket, partition } = request;
  return {
    purpose: 'deploy',
    name: roleName(escProject, environment.name, 'deploy'),
    environments: [environment.name],
    trust: trustDocument(githubTrusts(request, [environment])),
    ...(stateBucket !== undefined && {
      policy: { Version: '2012-10-17', Statement: stateStatements('write', stateBucket, partition) },
    }),
  };
}

function readerRole(request: RolesRequest, name: string, environments: readonly RoleEnvironment[]): PlannedRole {
  const secrets = readerDocument({
    ...request,
    resources: environments.flatMap(({ resources }) => resources),
    recipientKeys: environments.flatMap(({ recipientKeys }) => recipientKeys),
  });
  const { stateBucket, partition } = request;
  // Whoever reads the secrets of an environment also reads the states that it opens.
  const readsState = stateBucket !== undefined && environments.some(({ readsStacks }) => readsStacks);
  const policy = secrets && {
    ...secrets,
    Statement: [...secrets.Statement, ...(readsState ? stateStatements('read', stateBucket, partition) : [])],
  };
  return {
    purpose: 'reader',
    name,
    environments: environments.map((environment) => environment.name),
    trust: trustDocument([...githubTrusts(request, environments), ...pulumiTrusts(request, environments)]),
    ...(policy !== undefined && { policy }),
  };
}

type Trust = Parameters<typeof trustDocument>[0][number];

/** One for each audience: the runs of an environment ask for tokens of its own. */
function githubTrusts(request: RolesRequest, environments: readonly RoleEnvironment[]): Trust[] {
  const { account, partition, repository, previewed } = request;
  const audiences = [...new Set(environments.map(({ audience = AWS_AUDIENCE }) => audience))];
  return audiences.map((audience) => {
    const names = environments.filter((each) => (each.audience ?? AWS_AUDIENCE) === audience).map(({ name }) => name);
    const subjects = names.map((name) => `repo:${repository}:environment:${name}`);
    if (names.some((name) => name === previewed)) subjects.push(`repo:${repository}:pull_request`);
    return { account, partition, issuer: GITHUB_ISSUER, audience, subjects };
  });
}

/** The audiences of an issuer's tokens that roles trust. */
export function audiencesOf(issuer: string, roles: readonly PlannedRole[]): string[] {
  const audiences = roles.flatMap(({ trust }) =>
    trust.Statement.flatMap(({ Condition }) => Condition?.StringEquals?.[`${issuer}:aud`] ?? []),
  );
  return [...new Set(audiences)];
}

/** The audience and subjects of tokens that Pulumi Cloud issues for environments. */
function pulumiTrusts(request: RolesRequest, environments: readonly RoleEnvironment[]): Trust[] {
  const { account, partition, organization, escProject } = request;
  if (organization === undefined) return [];
  const subjects = environments.map(({ name }) => `pulumi:environments:org:${organization}:env:${escProject}/${name}`);
  return [{ account, partition, issuer: PULUMI_ISSUER, audience: `aws:${organization}`, subjects }];
}

/** IAM takes 64 characters. */
function roleName(escProject: string, environment: string, purpose: string): string {
  const end = `-${environment}-${purpose}`;
  return `${escProject.slice(0, Math.max(1, 64 - end.length))}${end}`.slice(-64);
}
