import type { Range } from '../diagnostics/range';
import type { EnvironmentSource, Sources } from '../evaluation/sources';

/** One step from an environment to another that it names. */
export interface ImportStep {
  /** The name as it is written. */
  readonly name: string;
  /** Where it is written. */
  readonly range: Range;
  /** `import` for what values are merged over; `reference` for what is only looked up in. */
  readonly kind: 'import' | 'reference';
}

/**
 * Finds how each environment is reached from a root, by its own name. Later imports lie above earlier ones, so the way
 * through the last is the one by which a value comes that both give.
 */
export function importChains(root: EnvironmentSource, sources: Sources): ReadonlyMap<string, readonly ImportStep[]> {
  const chains = new Map<string, readonly ImportStep[]>([[root.name, []]]);
  const pending: { readonly source: EnvironmentSource; readonly chain: readonly ImportStep[] }[] = [
    { source: root, chain: [] },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { chain } = next;
    const found = stepsFrom(next.source).flatMap((step) => {
      const source = sources.environment(step.name);
      return source instanceof Error ? [] : [{ source, chain: [...chain, step] }];
    });
    if (chain.length > 0 && chains.has(next.source.name)) continue;
    chains.set(next.source.name, chain);
    pending.push(...found);
  }
  return chains;
}

/** The last of the steps is the first to be followed. */
function stepsFrom({ declaration, environments }: EnvironmentSource): ImportStep[] {
  const imports = declaration?.imports ?? [];
  const step = (kind: ImportStep['kind'], name: string, range: Range): ImportStep => ({ name, range, kind });
  const merged = imports.filter(({ merge }) => merge).map(({ name, range }) => step('import', name, range));
  const named = new Set(merged.map(({ name }) => name));
  const others = [...environments].filter(([name]) => !named.has(name));
  return [...others.map(([name, range]) => step('reference', name, range)).reverse(), ...merged];
}
