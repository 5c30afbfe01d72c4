import { type AwsRoles, awsRolesOf, type RoleRequest } from '../aws/aws-roles';
import type { AwsSession } from '../aws/aws-session';
import { describeFailure } from '../failures/describe-failure';
import { Failure } from '../failures/failure';
import type { ProviderServices } from '../providers/provider-context';
import { environmentProjectOf } from '../workspace/workspace-index';
import { readWorkspace, startCliSession } from './cli-session';

export interface WhoamiCommandOptions {
  readonly workspaceRoot: string;
  readonly project?: string;
  readonly environment?: string;
  readonly format: string;
}

/** What is told of one identity. */
interface Identity {
  readonly role: 'deploy' | 'reader' | 'ambient';
  readonly source: string;
  readonly arn: string;
  readonly account: string;
  readonly sessionName?: string;
  readonly subject?: string;
  readonly audiences?: readonly string[];
  /** ISO 8601; absent for keys that do not end. */
  readonly expiration?: string;
}

const FORMATS: Readonly<Record<string, (identities: readonly Identity[]) => string>> = {
  table: (identities) => identities.map(renderIdentity).join('\n'),
  json: (identities) => `${JSON.stringify(identities, null, 2)}\n`,
};

/**
 * Begins the sessions of an environment's roles and prints who they are. Those that fail are told after the others.
 *
 * @throws Failure of the class identity, config/option-invalid, config/project-not-found
 */
export async function whoamiCommand(options: WhoamiCommandOptions): Promise<void> {
  const { workspaceRoot, format } = options;
  const render = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (render === undefined) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `unknown format "${format}"`,
      hint: `formats: ${Object.keys(FORMATS).join(', ')}`,
    });
  }
  const roles = rolesOf(options);
  const session = startCliSession(workspaceRoot);
  try {
    const outcomes = await Promise.allSettled(
      wantedRoles(roles).map((wanted) => identify(wanted, roles, session.services.providers)),
    );
    const identities = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    if (identities.length > 0) process.stdout.write(render(identities));
    const [first, ...others] = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    for (const failure of others) console.error(describeFailure(failure, workspaceRoot));
    if (first !== undefined) throw first;
  } finally {
    session.dispose();
  }
}

function rolesOf({ workspaceRoot, project, environment }: WhoamiCommandOptions): AwsRoles {
  const { options, index } = readWorkspace(workspaceRoot);
  if (project !== undefined && index.project(project) === undefined) {
    const names = [...index.projects()].map(({ name }) => name);
    throw new Failure({
      class: 'config',
      code: 'project-not-found',
      message: `there is no project ${JSON.stringify(project)} with environments or stacks`,
      hint: `there are: ${names.join(', ')}`,
    });
  }
  const name = [...(project === undefined ? [] : [environmentProjectOf(project)]), environment ?? ''].join('/');
  return awsRolesOf(name, options.environments);
}

type WantedRole = readonly [Identity['role'], RoleRequest | undefined];

function wantedRoles({ deploy, reader }: AwsRoles): WantedRole[] {
  const configured: WantedRole[] = [
    ...(deploy === undefined ? [] : [['deploy', deploy] as const]),
    ...(reader === undefined ? [] : [['reader', reader] as const]),
  ];
  return configured.length > 0 ? configured : [['ambient', undefined]];
}

async function identify([name, role]: WantedRole, roles: AwsRoles, { aws }: ProviderServices): Promise<Identity> {
  const session = await (role === undefined ? aws.ambient(roles) : aws.role(role, roles)).get();
  return { role: name, ...describe(session) };
}

function describe({ credentials, ...session }: AwsSession): Omit<Identity, 'role'> {
  const { expiration } = credentials;
  return { ...session, ...(expiration !== undefined && { expiration: expiration.toISOString() }) };
}

function renderIdentity({ role, arn, account, source, sessionName, subject, audiences, expiration }: Identity): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['account', account],
    ['from', source],
    ['subject', subject],
    ['audience', audiences?.join(', ')],
    ['session', sessionName],
    ['expires', expiration ?? 'never'],
  ];
  const lines = rows.flatMap(([label, value]) => (value === undefined ? [] : [`  ${label.padEnd(9)}${value}`]));
  return [`${role.padEnd(8)} ${arn}`, ...lines, ''].join('\n');
}
