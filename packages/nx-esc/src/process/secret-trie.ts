/** Stands after the last state of a tail, where no byte fits. */
export const END_OF_TAIL = 256;

/** The states of patterns, numbered as `SecretMatcher` says. */
interface Trie {
  readonly children: Int32Array;
  readonly tails: Int32Array;
  readonly labels: Uint16Array;
  readonly depths: Int32Array;
  readonly lengths: Int32Array;
}

/** Makes the states of sorted patterns: each stands for the range of them that have the same beginning. */
export function growTrie(sorted: readonly Uint8Array[]): Trie {
  const first = [0];
  const last = [sorted.length];
  const byteOf = [END_OF_TAIL];
  const depthOf = [0];
  const children: number[] = [];
  const withTail: number[] = [];
  for (let state = 0; state < first.length; state += 1) {
    const depth = depthOf[state] as number;
    const end = last[state] as number;
    let pattern = first[state] as number;
    children.push(first.length);
    if (end - pattern === 1 && state > 0) {
      if (sorted[pattern]?.length !== depth) withTail.push(state);
      continue;
    }
    if (pattern < end && sorted[pattern]?.length === depth) pattern += 1;
    while (pattern < end) {
      const byte = sorted[pattern]?.[depth] as number;
      first.push(pattern);
      while (pattern < end && sorted[pattern]?.[depth] === byte) pattern += 1;
      last.push(pattern);
      byteOf.push(byte);
      depthOf.push(depth + 1);
    }
  }
  const branching = first.length;
  const tails = new Int32Array(branching);
  let count = branching;
  for (const state of withTail) {
    tails[state] = count;
    count += (sorted[first[state] as number] as Uint8Array).length - (depthOf[state] as number) + 1;
  }
  const labels = new Uint16Array(count + 1).fill(END_OF_TAIL);
  const depths = new Int32Array(count + 1);
  const lengths = new Int32Array(count + 1);
  labels.set(byteOf);
  depths.set(depthOf);
  for (let state = 1; state < branching; state += 1) {
    const depth = depthOf[state] as number;
    if (sorted[first[state] as number]?.length === depth) lengths[state] = depth;
  }
  for (const state of withTail) {
    const pattern = sorted[first[state] as number] as Uint8Array;
    let tail = tails[state] as number;
    for (let depth = depthOf[state] as number; depth < pattern.length; depth += 1, tail += 1) {
      labels[tail] = pattern[depth] as number;
      depths[tail] = depth + 1;
    }
    lengths[tail - 1] = pattern.length;
  }
  return { children: Int32Array.from([...children, branching]), tails, labels, depths, lengths };
}
