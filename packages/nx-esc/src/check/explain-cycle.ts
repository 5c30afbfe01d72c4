import type { LocatedDiagnostic } from '../backends/backend';
import { ReferenceLocator } from '../workspace/explained-graph';
import type { CheckedWorkspace } from './checked-workspace';
import type { Finding, RelatedPlace } from './finding';

/**
 * Words a cyclic import with its whole path. Each environment of a cycle finds it at another place; all of them are told
 * of at one, the first by name.
 */
export function explainCycle(
  workspace: CheckedWorkspace,
  file: string,
  { summary }: LocatedDiagnostic,
): Pick<Finding, 'message'> & Partial<Finding> {
  const { index, graph, root } = workspace;
  const importer = workspace.environmentAt(file);
  const written = summary.replace(/^cyclic import of /, '');
  const imported = importer === undefined ? undefined : index.resolveEnvironment(written, importer.project);
  if (importer === undefined || imported === undefined) return { message: summary };
  const path = shortestPath(graph, imported.name, importer.name);
  if (path === undefined) return { message: `${importer.name} imports itself` };
  const first = path.indexOf([...path].sort()[0] as string);
  const cycle = [...path.slice(first), ...path.slice(0, first), path[first] as string];
  const locator = new ReferenceLocator(root);
  const places = cycle.slice(1).flatMap((name, step): RelatedPlace[] => {
    const from = cycle[step] as string;
    const edge = graph.edgesFrom(`environment:${from}`).find(({ to }) => to === `environment:${name}`);
    const [reference] = edge?.references.flatMap((each) => locator.locate(each)) ?? [];
    if (reference === undefined) return [];
    const { file: at, line, column } = reference;
    return [{ file: at, line, column, message: `${from} imports ${name}` }];
  });
  const [start, ...related] = places;
  return {
    message: `environments import one another: ${cycle.join(' → ')}`,
    hint: 'move what they share into an environment that imports none of them',
    ...(start !== undefined && { place: { file: start.file, line: start.line, column: start.column }, related }),
  };
}

/** Environments from one to another, both included; the edges are those of the graph. */
function shortestPath(graph: CheckedWorkspace['graph'], from: string, to: string): string[] | undefined {
  if (from === to) return undefined;
  const cameBy = new Map<string, string | undefined>([[`environment:${from}`, undefined]]);
  for (const id of cameBy.keys()) {
    if (id === `environment:${to}`) {
      const path: string[] = [];
      for (let at: string | undefined = id; at !== undefined; at = cameBy.get(at)) path.unshift(at);
      return path.map((each) => each.slice('environment:'.length));
    }
    for (const edge of graph.edgesFrom(id)) {
      if (graph.entities.get(edge.to)?.kind === 'environment' && !cameBy.has(edge.to)) cameBy.set(edge.to, id);
    }
  }
  return undefined;
}
