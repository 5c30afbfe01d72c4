import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { StackDeployment } from '../../deployment/deploy-stack';
import { Supervisor } from '../../process/supervised-process';
import { runTask } from '../task';
import type { DeployExecutorSchema } from './schema';

/** Deploys the project's stack with its environment, and runs the app's own deploy commands with it. */
export default async function deploy(
  options: DeployExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  // The process that will run pulumi starts while the environment is opened.
  const supervisor = process.platform === 'win32' ? undefined : new Supervisor();
  try {
    return await runTask(options, context, (task) => {
      const cwd = options.cwd === undefined ? task.folder : resolve(context.root, options.cwd);
      const deployment = new StackDeployment(task.services, task.selectStack(), supervisor);
      return deployment.deploy({ commands: options.commands ?? [], cwd }, options.args);
    });
  } finally {
    supervisor?.dispose();
  }
}
