import type { ExecutorContext } from '@nx/devkit';
import { StackDeployment } from '../../deployment/deploy-stack';
import { Failure } from '../../failures/failure';
import { resolveBackend } from '../../pulumi/backend-url';
import { stackTargetOf } from '../../workspace/session';
import { takeTurn } from '../stack-turn';
import { type StackOfProject, StacksOfRun } from '../stacks-of-run';
import { runTask, type Task } from '../task';
import { tasksOfRun } from '../tasks-of-run';
import type { DestroyExecutorSchema } from './schema';

/**
 * Destroys the resources of the project's stack. Stacks that read it are destroyed first if the run is for them too; a
 * run that is not for all of them that are deployed is refused.
 */
export default function destroy(
  { args = [], ignoreDependents = false, ...options }: DestroyExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(options, context, async (task) => {
    const stacks = new StacksOfRun(task.index, tasksOfRun('destroy', context));
    const own = task.selectStackOf(stacks);
    if (own === undefined) return undefined;
    const dependents = ignoreDependents ? [] : await deployedOf(stacks.destroyedBefore(own), stacks, task);
    assertAllInRun(own, dependents, stacks);
    for (const dependent of dependents) {
      task.services.reporter.note(`${stacks.nameOf(dependent)} reads ${stacks.nameOf(own)}: that is destroyed first`);
      await destroyStack(task, dependent, stacks, args);
    }
    return destroyStack(task, own, stacks, args);
  });
}

/** Those of some stacks that have resources. */
async function deployedOf(
  found: readonly StackOfProject[],
  stacks: StacksOfRun,
  { services }: Task,
): Promise<StackOfProject[]> {
  const deployed = await Promise.all(found.map((each) => services.stackOutputs.isDeployed(stackNameOf(each, stacks))));
  return found.filter((_, index) => deployed[index]);
}

/** @throws Failure config/dependents-deployed */
function assertAllInRun(own: StackOfProject, dependents: readonly StackOfProject[], stacks: StacksOfRun): void {
  const others = dependents.filter((dependent) => !stacks.hasTask(dependent));
  if (others.length === 0) return;
  const projects = [own, ...dependents].map(({ project }) => project.name);
  throw new Failure({
    class: 'config',
    code: 'dependents-deployed',
    message: `${stacks.nameOf(own)} is still read by ${others.map((each) => stacks.nameOf(each)).join(', ')}`,
    details: others.flatMap((other) => stacks.describePath(other, own)),
    hint: others.every(({ stack }) => stack === own.stack)
      ? `destroy all of them: nx run-many -t destroy -p ${[...new Set(projects)].join(',')} --env=${own.stack}; or give --ignoreDependents`
      : 'destroy those first, or give --ignoreDependents',
  });
}

async function destroyStack(
  { index, options, services }: Task,
  { project, stack }: StackOfProject,
  stacks: StacksOfRun,
  args: readonly string[],
): Promise<unknown> {
  const target = stackTargetOf(index, project, stack, options);
  const { url } = resolveBackend(services.cli.baseEnv, target.backendUrl, target.folder);
  const name = stackNameOf({ project, stack }, stacks);
  return takeTurn({ backend: url, stack: `${name.project}/${stack}` }, services, async () => {
    if (!(await services.stackOutputs.isDeployed(name))) {
      services.reporter.note(`${name.project}/${stack} has no resources`);
      return { stack: `${name.project}/${stack}`, resources: {} };
    }
    return new StackDeployment(services, target).destroy(args);
  });
}

function stackNameOf({ project, stack }: StackOfProject, stacks: StacksOfRun): { project: string; stack: string } {
  return { project: stacks.index.pulumiProject(project).pulumiName, stack };
}
