import type { ExecutorContext } from '@nx/devkit';
import { StackDeployment } from '../../deployment/deploy-stack';
import { runTask } from '../task';
import type { DestroyExecutorSchema } from './schema';

/** Destroys the resources of the project's stack. */
export default function destroy(
  options: DestroyExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(options, context, (task) =>
    new StackDeployment(task.services, task.selectStack()).destroy(options.args),
  );
}
