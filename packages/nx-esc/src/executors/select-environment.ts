import { Failure } from '../failures/failure';

export interface EnvironmentSelection {
  /** The value of `--env`. */
  readonly env?: string;
  /** The configuration of the task: `-c staging`, or `project:target:staging`. */
  readonly configuration?: string;
  readonly project: string;
  readonly available: readonly string[];
}

/** The environment that is asked for, whether there is one or not. */
export function selectedEnvironment({
  env,
  configuration,
}: {
  readonly env?: unknown;
  readonly configuration?: unknown;
}): string | undefined {
  const selected = env ?? configuration;
  return typeof selected === 'string' ? selected : undefined;
}

/**
 * Decides which environment a task is for. `--env` and the configuration are two ways to say the same; there is no
 * default, since a mistyped configuration reaches an executor as none at all.
 *
 * @throws Failure config/no-environment-selected, config/environment-mismatch, config/environment-not-found
 */
export function selectEnvironment({ env, configuration, project, available }: EnvironmentSelection): string {
  const list = available.length === 0 ? 'it has no environments' : `there are: ${available.join(', ')}`;
  if (env !== undefined && configuration !== undefined && env !== configuration) {
    throw new Failure({
      class: 'config',
      code: 'environment-mismatch',
      message: `--env=${env} and the configuration "${configuration}" of ${project} name different environments`,
      hint: `give one of them; ${list}`,
    });
  }
  const selected = env ?? configuration;
  if (selected === undefined) {
    throw new Failure({
      class: 'config',
      code: 'no-environment-selected',
      message: `no environment is selected for ${project}`,
      hint: `add --env=<environment>; ${list}`,
    });
  }
  if (!available.includes(selected)) {
    throw new Failure({
      class: 'config',
      code: 'environment-not-found',
      message: `${project} has no environment ${JSON.stringify(selected)}`,
      hint: list,
    });
  }
  return selected;
}
