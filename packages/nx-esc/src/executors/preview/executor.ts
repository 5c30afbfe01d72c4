import type { ExecutorContext } from '@nx/devkit';
import { StackDeployment } from '../../deployment/deploy-stack';
import { runTask } from '../task';
import type { PreviewExecutorSchema } from './schema';

/** Shows what a deployment of the project's stack would change. */
export default function preview(
  options: PreviewExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(options, context, (task) =>
    new StackDeployment(task.services, task.selectStack()).preview(options.args),
  );
}
