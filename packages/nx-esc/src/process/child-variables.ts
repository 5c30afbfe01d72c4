/** Variables of a process. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Variables that open more than what a child is given: keys to every secret of the workspace, and tokens with which any
 * role that trusts this job can be assumed. Only variables that are secrets themselves: those that name a file add
 * nothing to what the child may read anyway.
 */
export const WITHHELD_VARIABLES = [
  'NX_ESC_AGE_KEY',
  'NX_ESC_PASSPHRASE',
  'NX_ESC_ID_TOKEN',
  'NX_ESC_SERVE_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'CIRCLE_OIDC_TOKEN',
  'CIRCLE_OIDC_TOKEN_V2',
  'BITBUCKET_STEP_OIDC_TOKEN',
] as const;

/** Which variables of a process one of its children does not get. */
export function withheldVariables(env: Variables, child: Variables): string[] {
  return WITHHELD_VARIABLES.filter((name) => env[name] !== undefined && child[name] === undefined);
}

/** What children inherit of the variables of this process; `passed` names those that they get all the same. */
export function childVariables(env: Variables, passed: readonly string[]): Variables {
  const withheld = new Set<string>(WITHHELD_VARIABLES.filter((name) => !passed.includes(name)));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.has(name)));
}
