/**
 * Gives this process variables that it lacks, for libraries that read them by themselves: what the workspace's `.env`
 * files say of AWS reaches the SDK so, as it does under Nx.
 */
export function adoptVariables(env: Readonly<Record<string, string | undefined>>, names: RegExp): void {
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && names.test(name)) process.env[name] ??= value;
  }
}
