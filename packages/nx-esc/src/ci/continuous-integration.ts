/** Tells whether a process runs in CI, by the variables that its services set. */
export function isContinuousIntegration(env: Readonly<Record<string, string | undefined>>): boolean {
  return ['CI', 'GITHUB_ACTIONS'].some((name) => !['', '0', 'false', undefined].includes(env[name]));
}
