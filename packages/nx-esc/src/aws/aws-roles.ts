import { Failure } from '../failures/failure';

/** A role and how its sessions are scoped. */
export interface RoleOptions {
  /** ARN of the role. */
  readonly role: string;
  /** How long a session lives, such as `1h` or `15m`; sessions are renewed before they end. */
  readonly duration?: string;
  /** An IAM policy document that narrows sessions further. */
  readonly sessionPolicy?: object;
  /** ARNs of managed policies that narrow sessions further. */
  readonly policyArns?: readonly string[];
}

/** What happens where no OIDC token can be had, as on a laptop. */
export type WithoutOidc = 'ambient' | 'assume-role';

/** AWS identities of an environment, in nx.json; documented in docs/identity.md. */
export interface AwsEnvironmentOptions {
  /** The account that every role must be in: anything else is refused. */
  readonly account?: string;
  readonly region?: string;
  /** Role of pulumi and of the app's own deploy commands. */
  readonly deployRole?: string | RoleOptions;
  /** Role that fetches secrets and parameters, where the environment names none by itself. */
  readonly readerRole?: string | RoleOptions;
  /** Audience of the OIDC token; the one that is usual for AWS and the CI unless given. */
  readonly audience?: string;
  /** Duration of sessions whose role names none. */
  readonly duration?: string;
  readonly withoutOidc?: WithoutOidc;
}

/** A session to ask STS for. */
export interface RoleRequest {
  readonly arn: string;
  readonly durationSeconds: number;
  /** Name of the session; made of the identity that asks for it unless given. */
  readonly sessionName?: string;
  readonly policy?: string;
  readonly policyArns: readonly string[];
}

/** The identities of one environment, ready to use. */
export interface AwsRoles {
  /** Whether anything is said of the environment at all. */
  readonly isConfigured: boolean;
  readonly account?: string;
  readonly region?: string;
  readonly audience?: string;
  readonly deploy?: RoleRequest;
  readonly reader?: RoleRequest;
  readonly withoutOidc: WithoutOidc;
}

export const NO_ROLES: AwsRoles = { isConfigured: false, withoutOidc: 'ambient' };

const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 43_200;
const DEFAULT_DURATION = '1h';
const DURATION = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const ROLE_ARN = /^arn:[\w-]+:iam::(\d{12}):role\/[\x21-\x7e]+$/;
const POLICY_ARN = /^arn:[\w-]+:iam::(?:\d{12}|aws):policy\/[\x21-\x7e]+$/;
const ENVIRONMENT_KEYS = [
  'account',
  'region',
  'deployRole',
  'readerRole',
  'audience',
  'duration',
  'withoutOidc',
] as const satisfies readonly (keyof AwsEnvironmentOptions)[];
const ROLE_KEYS = ['role', 'duration', 'sessionPolicy', 'policyArns'] as const satisfies readonly (keyof RoleOptions)[];

/**
 * The identities of `project/environment`: what nx.json says of the environment's name in all projects, and over it what
 * it says of that project's.
 *
 * @throws Failure config/option-invalid
 */
export function awsRolesOf(
  name: string,
  environments: Readonly<Record<string, AwsEnvironmentOptions>> | undefined,
): AwsRoles {
  const environment = name.slice(name.lastIndexOf('/') + 1);
  const [general, own] = [environment, name].map((key) => ownProperty(environments, key));
  if (general === undefined && own === undefined) return NO_ROLES;
  if (general !== undefined) assertKeys(general, ENVIRONMENT_KEYS, environment);
  if (own !== undefined) assertKeys(own, ENVIRONMENT_KEYS, name);
  return normalizeRoles({ ...general, ...own }, own === undefined ? environment : name);
}

/** Seconds of a duration such as `1h30m`, within what STS allows; undefined for what is none. */
export function sessionSeconds(duration: string): number | undefined {
  const [whole, hours, minutes, seconds] = DURATION.exec(duration) ?? [];
  if (whole === undefined || whole === '') return undefined;
  const total = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, total));
}

/** The account in an ARN; empty where it has none. */
export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function normalizeRoles(options: AwsEnvironmentOptions, key: string): AwsRoles {
  const { account, region, audience, deployRole, readerRole, withoutOidc = 'ambient' } = options;
  if (account !== undefined && !/^\d{12}$/.test(account)) throw invalid(key, 'account', 'an account has 12 digits');
  if (region !== undefined && !/^[a-z]{2}[a-z-]*-\d+$/.test(region))
    throw invalid(key, 'region', 'write a region such as eu-west-1');
  if (withoutOidc !== 'ambient' && withoutOidc !== 'assume-role')
    throw invalid(key, 'withoutOidc', 'it is "ambient" or "assume-role"');
  const roleOf = (
    name: 'deployRole' | 'readerRole',
    role: string | RoleOptions | undefined,
  ): RoleRequest | undefined =>
    role === undefined ? undefined : normalizeRole(role, { key, name, duration: options.duration });
  const deploy = roleOf('deployRole', deployRole);
  const reader = roleOf('readerRole', readerRole);
  return {
    isConfigured: true,
    withoutOidc,
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    ...(audience !== undefined && { audience }),
    ...(deploy !== undefined && { deploy }),
    ...(reader !== undefined && { reader }),
  };
}

interface RolePlace {
  readonly key: string;
  readonly name: string;
  readonly duration: string | undefined;
}

function normalizeRole(given: string | RoleOptions, { key, name, duration }: RolePlace): RoleRequest {
  const options: RoleOptions = typeof given === 'string' ? { role: given } : given;
  assertKeys(options, ROLE_KEYS, `${key}.${name}`);
  const { role, sessionPolicy, policyArns = [] } = options;
  if (typeof role !== 'string' || !ROLE_ARN.test(role))
    throw invalid(key, name, 'write the ARN of a role: arn:aws:iam::<account>:role/<name>');
  const durationSeconds = sessionSeconds(options.duration ?? duration ?? DEFAULT_DURATION);
  if (durationSeconds === undefined) throw invalid(key, 'duration', 'write a duration such as 1h or 30m');
  if (!policyArns.every((arn) => POLICY_ARN.test(arn)))
    throw invalid(key, `${name}.policyArns`, 'write ARNs of managed policies');
  return {
    arn: role,
    durationSeconds,
    policyArns,
    ...(sessionPolicy !== undefined && { policy: JSON.stringify(sessionPolicy) }),
  };
}

function ownProperty<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A mistyped key of a security setting would silently weaken it. */
function assertKeys(options: object, known: readonly string[], place: string): void {
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(place, unknown, `there are: ${known.join(', ')}`);
}

function invalid(key: string, name: string, hint: string): Failure {
  return new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `the option environments[${JSON.stringify(key)}].${name} of nx-esc is not valid`,
    hint,
    location: { file: 'nx.json' },
  });
}
