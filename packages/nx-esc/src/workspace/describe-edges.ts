import type { EntityEdge } from './entity-graph';
import { ReferenceLocator } from './explained-graph';

/** Says a way through the graph, a line for each step, with the place that makes it. */
export function describeEdges(edges: readonly EntityEdge[], workspaceRoot: string): string[] {
  const locator = new ReferenceLocator(workspaceRoot);
  return edges.flatMap(({ from, to, references: [reference] }) => {
    if (reference === undefined) return [];
    const { file, line, column } = locator.locate(reference)[0] ?? { file: reference.file, line: 1, column: 1 };
    return [`${file}:${line}:${column}: ${describe(from)} → ${describe(to)}`];
  });
}

function describe(id: string): string {
  return id.replace(':', ' ');
}
