import type { ExportedValue, PathSegment } from 'esc-eval';
import { leafValues, type LeafValue } from './leaf-values';

/** How a value is shown beside others: secrets and what is not known never by what they are. */
export interface ShownValue {
  readonly kind: 'value' | 'secret' | 'unknown';
  /** A value as JSON; what an unknown one, or a secret that is not known, stands for. */
  readonly text?: string;
}

export interface Difference {
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: ShownValue;
  readonly after?: ShownValue;
}

export interface EnvironmentDiff {
  readonly before: string;
  readonly after: string;
  readonly differences: readonly Difference[];
  readonly equal: number;
}

/** An environment to compare, and how it says what its unknown values stand for. */
export interface Comparable {
  readonly name: string;
  readonly root: ExportedValue;
  describe(path: readonly PathSegment[]): string | undefined;
}

/** Compares two environments value by value; secrets are compared in memory and not shown. */
export function compareEnvironments(before: Comparable, after: Comparable): EnvironmentDiff {
  const [old, current] = [leafValues(before.root), leafValues(after.root)];
  const differences: Difference[] = [];
  let equal = 0;
  for (const key of [...new Set([...old.keys(), ...current.keys()])].sort()) {
    const [from, to] = [old.get(key), current.get(key)];
    if (from?.fingerprint === to?.fingerprint) equal += 1;
    else {
      differences.push({
        key,
        change: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed',
        ...(from !== undefined && { before: showLeaf(from, before) }),
        ...(to !== undefined && { after: showLeaf(to, after) }),
      });
    }
  }
  return { before: before.name, after: after.name, differences, equal };
}

export function showLeaf({ path, isSecret, isUnknown, text }: LeafValue, { describe }: Comparable): ShownValue {
  const shown = isUnknown ? describe(path) : text;
  return {
    kind: isSecret ? 'secret' : isUnknown ? 'unknown' : 'value',
    ...(shown !== undefined && (!isSecret || isUnknown) && { text: shown }),
  };
}
