import type { Reference } from './facts/file-facts';
import {
  environmentProjectOf,
  type IndexedEnvironment,
  type IndexedProject,
  type WorkspaceIndex,
} from './workspace-index';

/** What the options or a command of a target, or a workflow, name in this workspace. */
export type NamedEntity =
  | { readonly project: IndexedProject; readonly stack: string }
  | { readonly project: IndexedProject; readonly environment: IndexedEnvironment };

/** Finds what such a reference names; undefined for what is not in this workspace. `own` is the target's project. */
export function findNamed(
  { kind, to }: Reference,
  own: IndexedProject | undefined,
  index: WorkspaceIndex,
): NamedEntity | undefined {
  const end = to.lastIndexOf('/');
  const name = to.slice(end + 1);
  const project = end < 0 ? own : index.project(to.slice(0, end));
  if (kind === 'named-stack') {
    return project !== undefined && index.deployable(project).includes(name) ? { project, stack: name } : undefined;
  }
  const environment =
    project === undefined
      ? index.resolveEnvironment(to, own)
      : index.environment(`${environmentProjectOf(project.name)}/${name}`);
  return environment === undefined ? undefined : { project: environment.project, environment };
}
