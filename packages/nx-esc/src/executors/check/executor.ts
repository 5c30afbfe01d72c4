import type { ExecutorContext } from '@nx/devkit';
import { checkEnvironments } from '../../workspace/check-environments';
import { environmentProjectOf } from '../../workspace/workspace-index';
import { runTask, type TaskOptions } from '../task';

/** Checks the environments of the project, or the one that is chosen, without opening anything. */
export default function check(options: TaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(options, context, (task) => {
    const isChosen = options.env !== undefined || context.configurationName !== undefined;
    const owner = environmentProjectOf(task.project.name);
    const names = isChosen
      ? [task.selectEnvironment()]
      : [...task.project.files.environments.keys()].sort().map((environment) => `${owner}/${environment}`);
    return checkEnvironments(task.services, names);
  });
}
