import type { EntityGraph } from '../workspace/entity-graph';

/** What an environment imports or names, in the workspace and beyond it. */
export interface Imports {
  /** Environments of the workspace, through whatever others. */
  readonly closure: ReadonlySet<string>;
  /** Whether there are some that the workspace does not have. */
  readonly areExternal: boolean;
}

const PREFIX = 'environment:';

export function importsOf(name: string, graph: EntityGraph): Imports {
  const id = `${PREFIX}${name}`;
  const reached = graph.reachableFrom([id], ({ kind }) => kind === 'environment');
  const environments = [...reached].filter((each) => each.startsWith(PREFIX) && each !== id);
  return {
    closure: new Set(environments.map((each) => each.slice(PREFIX.length))),
    areExternal: [...reached].some((each) => each.startsWith('external:environment')),
  };
}

/**
 * Puts environments into waves, each after those that it imports; those of one wave have nothing to do with each other.
 * Environments that import one another, which no evaluator allows, come last.
 */
export function wavesOf(names: readonly string[], graph: EntityGraph): string[][] {
  const open = new Map(
    names.map((name) => {
      const { closure } = importsOf(name, graph);
      return [name, names.filter((other) => closure.has(other))] as const;
    }),
  );
  const waves: string[][] = [];
  while (open.size > 0) {
    const ready = [...open].filter(([, imports]) => !imports.some((each) => open.has(each))).map(([name]) => name);
    const wave = ready.length > 0 ? ready : [...open.keys()];
    for (const name of wave) open.delete(name);
    waves.push(wave);
  }
  return waves;
}
