import type { ExecutorContext } from '@nx/devkit';
import { check as runChecks, failureOf } from '../../check/check';
import { CHECK_FORMATS } from '../../check/formats';
import { countBySeverity } from '../../check/formats/report';
import { scopeOfProject } from '../../check/scope';
import { processEnvironment } from '../../workspace/process-environment';
import { runTask, type TaskOptions } from '../task';
import { selectEnvironment } from '../select-environment';

export interface CheckTaskOptions extends TaskOptions {
  readonly format?: 'text' | 'json' | 'sarif' | 'github';
  readonly maxWarnings?: number;
}

/**
 * Checks the environments, stacks and targets of the project, or what one environment rests on, without opening
 * anything. States of stacks are not looked at: the result is cached by the files alone.
 */
export default function check(options: CheckTaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(options, context, async ({ index, options: pluginOptions, project, services }) => {
    const { env, format = 'text', maxWarnings } = options;
    const configuration = context.configurationName;
    const isChosen = env !== undefined || configuration !== undefined;
    const available = [...new Set([...project.files.environments.keys(), ...index.deployable(project)])].sort();
    const environment = isChosen
      ? selectEnvironment({
          project: project.name,
          available,
          ...(env !== undefined && { env }),
          ...(configuration !== undefined && { configuration }),
        })
      : undefined;
    const report = await runChecks({
      index,
      options: pluginOptions,
      signal: services.signal,
      select: (workspace) => scopeOfProject(workspace, project, environment),
    });
    const formats = format === 'text' && processEnvironment().GITHUB_ACTIONS === 'true' ? ['text', 'github'] : [format];
    for (const name of formats) process.stdout.write(CHECK_FORMATS[name]?.(report) ?? '');
    const failure = failureOf(report, maxWarnings);
    if (failure !== undefined) throw failure;
    return countBySeverity(report.problems);
  });
}
