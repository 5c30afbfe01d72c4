import type { ExecutorContext } from '@nx/devkit';
import { StackDeployment } from '../../deployment/deploy-stack';
import { runTask, type TaskOptions } from '../task';

export interface DestroyExecutorOptions extends TaskOptions {
  readonly args?: readonly string[];
}

/** Destroys the resources of the project's stack. */
export default function destroy(
  options: DestroyExecutorOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(options, context, (task) =>
    new StackDeployment(task.services, task.selectStack()).destroy(options.args),
  );
}
