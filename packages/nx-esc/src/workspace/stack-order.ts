import type { Entity, EntityEdge, EntityGraph } from './entity-graph';

/** Which stacks a stack rests on: those that its program and its environments read. */
export class StackOrder {
  readonly #upstream = new Map<string, readonly string[]>();

  constructor(readonly graph: EntityGraph) {}

  /** Ids of the stacks that a stack reads itself, through whatever environments. */
  upstreamOf(stack: string): readonly string[] {
    const known = this.#upstream.get(stack);
    if (known !== undefined) return known;
    const reached = this.graph.reachableFrom([stack], ({ id, kind }) => id === stack || kind === 'environment');
    const found = [...reached].filter((id) => id !== stack && this.graph.entities.get(id)?.kind === 'stack').sort();
    this.#upstream.set(stack, found);
    return found;
  }

  /** The shortest way from a stack to one that it rests on, edge by edge. */
  pathBetween(from: string, to: string): EntityEdge[] {
    const cameBy = new Map<string, EntityEdge | undefined>([[from, undefined]]);
    for (const id of cameBy.keys()) {
      const isPassed = id === from || this.graph.entities.get(id)?.kind === 'environment';
      if (!isPassed) continue;
      for (const edge of this.graph.edgesFrom(id)) {
        if (edge.to === to) return [...trace(cameBy, id), edge];
        if (!cameBy.has(edge.to)) cameBy.set(edge.to, edge);
      }
    }
    return [];
  }

  /** A stack's upstream stacks and theirs, each after those that it rests on. A cycle is cut: `findCycle` finds it. */
  deployedBefore(stack: string, isIncluded: (stack: Entity) => boolean): string[] {
    const ordered = new Set<string>();
    const entered = new Set([stack]);
    const visit = (id: string): void => {
      for (const upstream of this.upstreamOf(id)) {
        const entity = this.graph.entities.get(upstream);
        if (entity === undefined || !isIncluded(entity) || entered.has(upstream)) continue;
        entered.add(upstream);
        visit(upstream);
        ordered.add(upstream);
      }
    };
    visit(stack);
    return [...ordered];
  }

  /** The stacks that rest on a stack, on those, and so on; each before those that it rests on. */
  destroyedBefore(stack: string): string[] {
    const downstream = this.#downstreamOfAll();
    const ordered: string[] = [];
    const entered = new Set([stack]);
    const visit = (id: string): void => {
      for (const next of downstream.get(id) ?? []) {
        if (entered.has(next)) continue;
        entered.add(next);
        visit(next);
        ordered.push(next);
      }
    };
    visit(stack);
    return ordered;
  }

  #downstreamOfAll(): ReadonlyMap<string, readonly string[]> {
    const downstream = new Map<string, string[]>();
    for (const { id, kind } of this.graph.entities.values()) {
      if (kind !== 'stack') continue;
      for (const upstream of this.upstreamOf(id)) downstream.set(upstream, [...(downstream.get(upstream) ?? []), id]);
    }
    return downstream;
  }

  /** The first cycle of stacks that any of some stacks rests on, edge by edge, or undefined. */
  findCycleBeneath(stacks: readonly string[]): EntityEdge[] | undefined {
    const beneath = new Set(stacks);
    for (const id of beneath) for (const upstream of this.upstreamOf(id)) beneath.add(upstream);
    const cycle = this.findCycles().find((each) => each.some((id) => beneath.has(id)));
    return cycle?.flatMap((id, index) => this.pathBetween(id, cycle[(index + 1) % cycle.length] as string));
  }

  /** Every cycle of stacks, as the ids on it; one for each group of stacks that rest on one another. */
  findCycles(): string[][] {
    const stacks = [...this.graph.entities.values()].filter(({ kind }) => kind === 'stack').map(({ id }) => id);
    return stronglyConnected(stacks, (id) => this.upstreamOf(id)).map((group) => this.#cycleWithin(new Set(group)));
  }

  #cycleWithin(group: ReadonlySet<string>): string[] {
    const path: string[] = [];
    for (let id = [...group].sort()[0]; id !== undefined && !path.includes(id);) {
      path.push(id);
      id = this.upstreamOf(id).find((upstream) => group.has(upstream));
      if (id !== undefined && path.includes(id)) return path.slice(path.indexOf(id));
    }
    return path;
  }
}

function trace(cameBy: ReadonlyMap<string, EntityEdge | undefined>, id: string): EntityEdge[] {
  const edges: EntityEdge[] = [];
  for (let edge = cameBy.get(id); edge !== undefined; edge = cameBy.get(edge.from)) edges.unshift(edge);
  return edges;
}

/** How the deploy tasks of projects follow one another. */
export interface ProjectOrder {
  /** Projects whose stacks must be deployed before. */
  readonly upstream: readonly string[];
  /** Projects whose stacks rest on this one's. */
  readonly downstream: readonly string[];
  /**
   * Projects that rest on this one for one environment while it rests on them for another, itself included: their tasks
   * cannot be put in an order.
   */
  readonly companions: readonly string[];
}

/**
 * Puts those projects in order whose dependencies form a cycle. Most such cycles are none between stacks: one project
 * takes an environment of another, whose stack reads the first one's. Projects on no cycle are not in the answer: Nx
 * orders them by the project graph.
 */
export function orderProjectsOnCycles(order: StackOrder): ReadonlyMap<string, ProjectOrder> {
  const { graph } = order;
  const all = dependenciesOfProjects(graph);
  const groups = stronglyConnected([...all.keys()], (name) => [...(all.get(name) ?? [])]);
  if (groups.length === 0) return new Map();
  const stacks = [...graph.entities.values()].filter(({ kind }) => kind === 'stack').map(({ id }) => id);
  const deployed = projectEdges(stacks, graph, (id) => order.upstreamOf(id));
  const companions = new Map<string, readonly string[]>();
  for (const group of stronglyConnected([...deployed.keys()], (name) => [...(deployed.get(name) ?? [])])) {
    for (const name of group) companions.set(name, group);
  }
  return new Map(
    groups.flat().map((name) => {
      const own = companions.get(name) ?? [];
      const isOrdered = (other: string): boolean => !own.includes(other);
      const downstream = [...deployed].filter(([, upstream]) => upstream.has(name)).map(([other]) => other);
      return [
        name,
        {
          upstream: [...(deployed.get(name) ?? [])].filter(isOrdered).sort(),
          downstream: downstream.filter(isOrdered).sort(),
          companions: own,
        },
      ];
    }),
  );
}

/** Which project rests on which for its stacks and environments; what its other targets name is not among it. */
export function dependenciesOfProjects({ entities, edges }: EntityGraph): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    const source = entities.get(from);
    const target = entities.get(to)?.project;
    if (source?.project === undefined || source.kind === 'targets') continue;
    if (target === undefined || target === source.project) continue;
    const targets = found.get(source.project);
    if (targets === undefined) found.set(source.project, new Set([target]));
    else targets.add(target);
  }
  return found;
}

/** Which project rests on which, by what its entities rest on. */
function projectEdges(
  ids: readonly string[],
  { entities }: EntityGraph,
  dependenciesOf: (id: string) => readonly string[],
): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const id of ids) {
    const source = entities.get(id)?.project;
    if (source === undefined) continue;
    const targets = edges.get(source) ?? new Set<string>();
    edges.set(source, targets);
    for (const dependency of dependenciesOf(id)) {
      const target = entities.get(dependency)?.project;
      if (target !== undefined && target !== source) targets.add(target);
    }
  }
  return edges;
}

/** Groups of more than one node that can all reach one another, or a node that reaches itself (Tarjan's algorithm). */
function stronglyConnected(nodes: readonly string[], next: (node: string) => readonly string[]): string[][] {
  const groups: string[][] = [];
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  // Iterative: chains of projects may be long.
  for (const root of nodes) {
    if (indexes.has(root)) continue;
    const work: { readonly node: string; readonly rest: Iterator<string> }[] = [];
    const enter = (node: string): void => {
      indexes.set(node, indexes.size);
      lowest.set(node, indexes.get(node) as number);
      open.push(node);
      isOpen.add(node);
      work.push({ node, rest: next(node)[Symbol.iterator]() });
    };
    const lower = (node: string, value: number): void => {
      lowest.set(node, Math.min(lowest.get(node) as number, value));
    };
    enter(root);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const { node, rest } = top;
      const { value, done } = rest.next();
      if (done !== true) {
        if (!indexes.has(value)) enter(value);
        else if (isOpen.has(value)) lower(node, indexes.get(value) as number);
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent !== undefined) lower(parent.node, lowest.get(node) as number);
      if (lowest.get(node) !== indexes.get(node)) continue;
      const group = open.splice(open.indexOf(node));
      for (const each of group) isOpen.delete(each);
      if (group.length > 1 || next(node).includes(node)) groups.push(group.sort());
    }
  }
  return groups;
}
