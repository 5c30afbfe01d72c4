import type { ExecutorContext } from '@nx/devkit';
import { selectedEnvironment } from './select-environment';

/** A task of the run that this one belongs to, with the environment that it is for. */
export interface TaskOfRun {
  readonly project: string;
  readonly environment: string;
}

/** The tasks of the run with some executor, this one included; tasks that say no environment are left out. */
export function tasksOfRun(executor: string, context: ExecutorContext): TaskOfRun[] {
  const { taskGraph, projectsConfigurations } = context;
  return Object.values(taskGraph?.tasks ?? {}).flatMap(({ target: { project, target, configuration }, overrides }) => {
    const declared = projectsConfigurations.projects[project]?.targets?.[target];
    if (declared?.executor !== `nx-esc:${executor}`) return [];
    const options = (declared.options ?? {}) as { env?: unknown };
    const environment = selectedEnvironment({
      env: (overrides as { env?: unknown } | undefined)?.env ?? options.env,
      configuration,
    });
    return environment === undefined ? [] : [{ project, environment }];
  });
}
