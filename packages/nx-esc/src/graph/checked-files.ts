import type { EntityGraph } from '../workspace/entity-graph';
import { environmentProjectOf, type IndexedProject, type WorkspaceIndex } from '../workspace/workspace-index';

/**
 * The files that a check of a project's environments and stacks reads, sorted: theirs, those of all environments that
 * they rest on, and the programs of the stacks whose outputs these read.
 */
export function checkedFiles(project: IndexedProject, index: WorkspaceIndex, graph: EntityGraph): string[] {
  const { projectFile, stacks, environments } = project.files;
  const files = new Set([
    ...(projectFile === undefined ? [] : [projectFile]),
    ...stacks.values(),
    ...environments.values(),
  ]);
  const own = environmentProjectOf(project.name);
  const roots = [...environments.keys()].map((environment) => `environment:${own}/${environment}`);
  const { pulumiName } = index.pulumiProject(project);
  const stackIds =
    projectFile === undefined ? [] : index.deployable(project).map((stack) => `stack:${pulumiName}/${stack}`);
  // What a stack that is read itself reads does not show in the names of its outputs.
  const starts = new Set([...roots, ...stackIds]);
  const reached = graph.reachableFrom(starts, ({ id, kind }) => kind === 'environment' || starts.has(id));
  for (const id of reached) {
    const entity = graph.entities.get(id);
    if (entity?.kind === 'environment' && entity.file !== undefined) files.add(entity.file);
    const owner = entity?.kind === 'stack' ? index.project(entity.project ?? '') : undefined;
    if (owner?.files.projectFile === undefined) continue;
    files.add(owner.files.projectFile);
    for (const file of index.programOf(owner)) files.add(file);
  }
  return [...files].sort();
}
