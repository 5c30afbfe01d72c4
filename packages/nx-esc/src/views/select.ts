import type { ExplainedGraph } from '../workspace/explained-graph';

export interface Selection {
  /** Only stacks and environments of this name, and what they rest on. */
  readonly environment?: string;
  /** Only these entities, by their names or those of their projects, and what they rest on. */
  readonly names: readonly string[];
  /** Only these stacks, as `project/stack`, and what they rest on. */
  readonly stacks?: ReadonlySet<string>;
}

/** The part of a graph that a selection rests on; all of it for an empty selection. */
export function selectFrom(graph: ExplainedGraph, { environment, names, stacks }: Selection): ExplainedGraph {
  if (environment === undefined && names.length === 0 && stacks === undefined) return graph;
  const starts = graph.entities.filter(
    (entity) =>
      (stacks === undefined || (entity.kind === 'stack' && stacks.has(entity.name))) &&
      (environment === undefined || entity.environment === environment) &&
      (names.length === 0 || names.includes(entity.name) || names.includes(entity.project ?? '')),
  );
  const kept = new Set(starts.map(({ id }) => id));
  const outgoing = groupBy(graph.edges, ({ from }) => from);
  for (const id of kept) for (const { to } of outgoing.get(id) ?? []) kept.add(to);
  return {
    entities: graph.entities.filter(({ id }) => kept.has(id)),
    edges: graph.edges.filter(({ from }) => kept.has(from)),
  };
}

/** Where a reference stands, as editors and terminals link it. */
export function placeOf({ file, line, column }: { file: string; line: number; column: number }): string {
  return `${file}:${line}:${column}`;
}

/** Groups items by a key, in the order in which the keys come first. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
