import type { ExecutorContext } from '@nx/devkit';
import { StackDeployment } from '../../deployment/deploy-stack';
import { runTask, type TaskOptions } from '../task';

export interface PreviewExecutorOptions extends TaskOptions {
  readonly args?: readonly string[];
}

/** Shows what a deployment of the project's stack would change. */
export default function preview(
  options: PreviewExecutorOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(options, context, (task) =>
    new StackDeployment(task.services, task.selectStack()).preview(options.args),
  );
}
