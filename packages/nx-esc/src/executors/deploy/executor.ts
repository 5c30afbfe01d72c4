import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { StackDeployment } from '../../deployment/deploy-stack';
import { Supervisor } from '../../process/supervised-process';
import { resolveBackend } from '../../pulumi/backend-url';
import { stackTargetOf } from '../../workspace/session';
import { takeTurn } from '../stack-turn';
import { type StackOfProject, StacksOfRun } from '../stacks-of-run';
import { runTask, type Task } from '../task';
import { tasksOfRun } from '../tasks-of-run';
import { reasonToSkip } from './reason-to-skip';
import type { DeployExecutorSchema } from './schema';

/** Deploys the project's stack with its environment, and runs the app's own deploy commands with it. */
export default async function deploy(
  options: DeployExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  // The process that will run pulumi starts while the environment is opened.
  const supervisor = process.platform === 'win32' ? undefined : new Supervisor();
  try {
    return await runTask(options, context, async (task) => {
      const stacks = new StacksOfRun(task.index, tasksOfRun('deploy', context));
      const own = task.selectStackOf(stacks);
      if (own === undefined) return undefined;
      stacks.assertNoCycle(own);
      for (const companion of stacks.deployedBefore(own)) {
        task.services.reporter.note(`${stacks.nameOf(own)} reads ${stacks.nameOf(companion)}: that is deployed first`);
        await deployStack(task, companion, optionsOf(companion, context), context);
      }
      return deployStack(task, own, options, context, supervisor);
    });
  } finally {
    supervisor?.dispose();
  }
}

async function deployStack(
  { index, options: pluginOptions, services }: Task,
  { project, stack }: StackOfProject,
  options: DeployExecutorSchema,
  context: ExecutorContext,
  supervisor?: Supervisor,
): Promise<unknown> {
  const target = stackTargetOf(index, project, stack, pluginOptions);
  const { url } = resolveBackend(services.cli.baseEnv, target.backendUrl, target.folder);
  const skipped = await reasonToSkip({ options, context, project: project.name, stack, services, pluginOptions });
  if (skipped !== undefined) {
    services.reporter.note(skipped);
    return { stack: `${target.projectName}/${stack}`, skipped };
  }
  const cwd = resolve(context.root, options.cwd ?? project.files.root);
  return takeTurn({ backend: url, stack: `${target.projectName}/${stack}` }, services, () => {
    const deployment = new StackDeployment(services, target, supervisor);
    return deployment.deploy({ commands: options.commands ?? [], cwd }, options.args);
  });
}

/** The options of the deploy target of a project, for its configuration of the stack's name. */
function optionsOf(
  { project, stack }: StackOfProject,
  { projectsConfigurations }: ExecutorContext,
): DeployExecutorSchema {
  const targets = Object.values(projectsConfigurations.projects[project.name]?.targets ?? {});
  const target = targets.find(({ executor }) => executor === 'nx-esc:deploy');
  return { ...target?.options, ...target?.configurations?.[stack] } as DeployExecutorSchema;
}
