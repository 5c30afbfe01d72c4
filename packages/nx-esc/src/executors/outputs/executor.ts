import type { ExecutorContext } from '@nx/devkit';
import { printOutputs } from '../../deployment/stack-outputs-command';
import { runTask, type TaskOptions } from '../task';

/** Prints the outputs of the project's stack as JSON, secrets masked: Nx keeps what tasks print. */
export default function outputs(options: TaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(options, context, (task) => printOutputs(task.services, task.selectStack()));
}
