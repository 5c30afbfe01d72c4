import { Failure } from '../failures/failure';
import { checkedAnswer } from './answers';
import type { TreeProject, WorkspaceTree } from './workspace-tree';

/** The environment of a developer's own machine: it is never deployed. */
export const LOCAL = 'dev';

/**
 * The environments of a project that are deployed: those that were chosen, else those that it has stacks for, else those
 * that no sibling imports; `dev` is one of a developer's own machine.
 *
 * @throws Failure config/environment-not-found
 */
export function deployedEnvironments(
  { index }: Pick<WorkspaceTree, 'index'>,
  { name, files }: TreeProject,
  chosen: readonly string[] | undefined,
): string[] {
  const { environments, stacks } = files;
  if (chosen !== undefined) {
    for (const environment of chosen) {
      checkedAnswer('environment', 'environments', environment);
      if (!environments.has(environment)) throw notFound(name, [...environments.keys()], environment);
    }
    return [...chosen];
  }
  if (environments.size === 0) throw notFound(name, [], undefined);
  const indexed = { name, files: { ...files, projectFile: files.projectFile ?? 'Pulumi.yaml' } };
  const found =
    stacks.size > 0 ? [...stacks.keys()].filter((stack) => environments.has(stack)) : index.deployable(indexed);
  return found.filter((environment) => environment !== LOCAL).sort();
}

function notFound(project: string, environments: readonly string[], environment: string | undefined): Failure {
  return new Failure({
    class: 'config',
    code: 'environment-not-found',
    message:
      environment === undefined ? `${project} has no environments` : `${project} has no environment ${environment}`,
    hint:
      environments.length === 0
        ? `add them: nx g nx-esc:environment ${project}`
        : `there are: ${[...environments].sort().join(', ')}`,
  });
}
