import { readFileSync } from 'node:fs';

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The passphrase of Pulumi's passphrase secrets provider, from the variables that `pulumi` itself reads. */
export function readPassphrase(env: Environment): string | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
