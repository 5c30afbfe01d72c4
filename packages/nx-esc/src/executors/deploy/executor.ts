import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { StackDeployment } from '../../deployment/deploy-stack';
import { runTask, type TaskOptions } from '../task';

export interface DeployExecutorOptions extends TaskOptions {
  readonly commands?: readonly string[];
  readonly cwd?: string;
  readonly args?: readonly string[];
}

/** Deploys the project's stack with its environment, and runs the app's own deploy commands with it. */
export default function deploy(
  options: DeployExecutorOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(options, context, (task) => {
    const cwd = options.cwd === undefined ? task.folder : resolve(context.root, options.cwd);
    const deployment = new StackDeployment(task.services, task.selectStack());
    return deployment.deploy({ commands: options.commands ?? [], cwd }, options.args);
  });
}
