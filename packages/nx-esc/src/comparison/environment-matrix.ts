import { type Comparable, showLeaf, type ShownValue } from './compare-environments';
import { leafValues, type LeafValue } from './leaf-values';

/** One key in all environments of a project. */
export interface MatrixRow {
  readonly key: string;
  readonly status: 'same' | 'differs' | 'missing';
  /** By environment; none where it lacks the key. Cells of one `group` are equal. */
  readonly cells: Readonly<Record<string, (ShownValue & { readonly group: number }) | undefined>>;
}

export interface EnvironmentMatrix {
  readonly environments: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** Sets environments side by side, key by key. `isShown` tells which keys count. */
export function compareSideBySide(
  environments: readonly Comparable[],
  isShown: (leaf: LeafValue) => boolean,
): EnvironmentMatrix {
  const columns = environments.map((environment) => ({ environment, leaves: leafValues(environment.root) }));
  const keys = new Set(
    columns.flatMap(({ leaves }) => [...leaves].filter(([, leaf]) => isShown(leaf)).map(([key]) => key)),
  );
  const rows = [...keys].sort().map((key): MatrixRow => {
    const groups = new Map<string, number>();
    const cells: Record<string, MatrixRow['cells'][string]> = Object.create(null) as Record<string, undefined>;
    for (const { environment, leaves } of columns) {
      const leaf = leaves.get(key);
      if (leaf === undefined) continue;
      const group = groups.get(leaf.fingerprint) ?? groups.size + 1;
      groups.set(leaf.fingerprint, group);
      cells[environment.name] = { ...showLeaf(leaf, environment), group };
    }
    const isMissing = Object.keys(cells).length < columns.length;
    return { key, status: isMissing ? 'missing' : groups.size > 1 ? 'differs' : 'same', cells };
  });
  return { environments: environments.map(({ name }) => name), rows };
}
