import type { Leaf, Leaves } from './definition-leaves';

/** A leaf that one side has changed since the base; undefined where it is not there any more. */
export interface Change {
  readonly key: string;
  readonly path: readonly string[];
  readonly leaf: Leaf | undefined;
}

export function areEqual(a: Leaves, b: Leaves): boolean {
  return a.size === b.size && [...a].every(([key, { content }]) => b.get(key)?.content === content);
}

/** What a side has changed since the base. */
export function changesBetween(base: Leaves, side: Leaves): Change[] {
  const keys = new Set([...base.keys(), ...side.keys()]);
  return [...keys].flatMap((key) => {
    const [before, leaf] = [base.get(key), side.get(key)];
    return before?.content === leaf?.content ? [] : { key, path: (leaf ?? (before as Leaf)).path, leaf };
  });
}

/** Tells whether a side has everything that the other one has changed. */
export function hasAll(side: Leaves, changes: readonly Change[]): boolean {
  return changes.every(({ key, leaf }) => side.get(key)?.content === leaf?.content);
}

export interface Merge {
  readonly leaves: Leaves;
  /** Changes that ours does not have yet. */
  readonly toApply: readonly Change[];
  /** Paths that both sides have changed, each in its own way. */
  readonly conflicts: readonly (readonly string[])[];
}

/** Brings the changes of theirs into ours. */
export function mergeThreeWay(base: Leaves, ours: Leaves, theirs: Leaves): Merge {
  const own = new Set(changesBetween(base, ours).map(({ key }) => key));
  const toApply: Change[] = [];
  const conflicts: (readonly string[])[] = [];
  const leaves = new Map(ours);
  for (const change of changesBetween(base, theirs)) {
    const { key, path, leaf } = change;
    if (ours.get(key)?.content === leaf?.content) continue;
    if (own.has(key)) conflicts.push(path);
    else {
      toApply.push(change);
      if (leaf === undefined) leaves.delete(key);
      else leaves.set(key, leaf);
    }
  }
  return { leaves, toApply, conflicts: [...conflicts, ...clashes(leaves)] };
}

/** Paths that are a leaf and hold others. */
function clashes(leaves: Leaves): (readonly string[])[] {
  const holders = new Set<string>();
  for (const { path } of leaves.values()) {
    for (let length = 1; length < path.length; length += 1) holders.add(JSON.stringify(path.slice(0, length)));
  }
  return [...leaves].flatMap(([key, { path }]) => (holders.has(key) ? [path] : []));
}
