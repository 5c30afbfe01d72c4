import { type AwsRoles, awsRolesOf, NO_ROLES, type RoleRequest } from '../aws/aws-roles';
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
  /** The environments that it is for, by their names in nx.json; absent for the session of this machine. */
  readonly environments?: readonly string[];
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
 * Begins the sessions of an environment's roles, of one project or of all, and prints who they are. Those that fail are
 * told after the others. An environment without roles needs no session: that there is none is no failure then.
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
  const { wanted, configured } = wantedRoles(options);
  const session = startCliSession(workspaceRoot);
  try {
    const outcomes = await Promise.allSettled(wanted.map((each) => identify(each, session.services.providers)));
    const identities = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    if (identities.length > 0 || format === 'json') process.stdout.write(render(identities));
    const [first, ...others] = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    if (isNeedless(first, options, wanted)) {
      console.error(`no AWS role is configured for ${options.environment ?? ''}, and this machine has no AWS session`);
      return;
    }
    if (first !== undefined && options.environment === undefined && configured.length > 0) {
      console.error(`nx.json gives roles to ${configured.join(', ')}: name one of them with --env`);
    }
    for (const failure of others) console.error(describeFailure(failure, workspaceRoot));
    if (first !== undefined) throw first;
  } finally {
    session.dispose();
  }
}

/** A role to take on, or the session of this machine. */
interface WantedRole {
  readonly name: Identity['role'];
  readonly role?: RoleRequest;
  readonly roles: AwsRoles;
  readonly environments: readonly string[];
}

/** Every role once, however many environments have it, and the names for which nx.json has any. */
function wantedRoles({ workspaceRoot, project, environment }: WhoamiCommandOptions): {
  readonly wanted: readonly WantedRole[];
  readonly configured: readonly string[];
} {
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
  const configured = Object.keys(options.environments ?? {});
  const names =
    project === undefined
      ? configured.filter((name) => name === environment || name.endsWith(`/${environment ?? ''}`))
      : [`${environmentProjectOf(project)}/${environment ?? ''}`];
  const wanted = new Map<string, WantedRole>();
  let ambient = NO_ROLES;
  for (const name of names) {
    const roles = awsRolesOf(name, options.environments);
    ambient = roles;
    for (const kind of ['deploy', 'reader'] as const) {
      const role = roles[kind];
      if (role === undefined) continue;
      const key = JSON.stringify([kind, role, roles.region, roles.audience]);
      const known = wanted.get(key)?.environments ?? [];
      wanted.set(key, { name: kind, role, roles, environments: [...known, name] });
    }
  }
  const found = [...wanted.values()];
  return { wanted: found.length > 0 ? found : [{ name: 'ambient', roles: ambient, environments: [] }], configured };
}

function isNeedless(failure: unknown, { environment }: WhoamiCommandOptions, [first]: readonly WantedRole[]): boolean {
  return (
    environment !== undefined &&
    first?.roles.isConfigured === false &&
    failure instanceof Failure &&
    failure.code === 'no-credentials'
  );
}

async function identify({ name, role, roles, environments }: WantedRole, { aws }: ProviderServices): Promise<Identity> {
  const session = await (role === undefined ? aws.ambient(roles) : aws.role(role, roles)).get();
  return { role: name, ...(environments.length > 0 && { environments }), ...describe(session) };
}

function describe({ credentials, ...session }: AwsSession): Omit<Identity, 'role'> {
  const { expiration } = credentials;
  return { ...session, ...(expiration !== undefined && { expiration: expiration.toISOString() }) };
}

function renderIdentity(identity: Identity): string {
  const { role, environments, arn, account, source, sessionName, subject, audiences, expiration } = identity;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['for', environments?.join(', ')],
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
