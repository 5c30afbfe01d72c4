import type { EntityGraph } from '../workspace/entity-graph';
import type { WorkspaceIndex } from '../workspace/workspace-index';

/**
 * The files of an environment and of all that it imports; for a stack also its own and the folder of its program. Where
 * both have the name, all of these. Undefined where there is neither.
 */
export function watchedFiles(
  name: string,
  { graph, index }: { readonly graph: EntityGraph; readonly index: WorkspaceIndex },
): string[] | undefined {
  const starts = [`environment:${name}`, `stack:${name}`].filter((id) => graph.entities.has(id));
  if (starts.length === 0) return undefined;
  const reached = graph.reachableFrom(starts, ({ id, kind }) => kind === 'environment' || starts.includes(id));
  const found = new Set<string>();
  for (const id of reached) {
    const entity = graph.entities.get(id);
    if (entity?.file !== undefined && (entity.kind === 'environment' || starts.includes(id))) found.add(entity.file);
  }
  const owner = index.project(graph.entities.get(`stack:${name}`)?.project ?? '');
  if (owner !== undefined) {
    for (const file of index.programOf(owner)) found.add(file);
    if (owner.files.projectFile !== undefined) found.add(owner.files.projectFile);
  }
  return [...found].sort();
}
