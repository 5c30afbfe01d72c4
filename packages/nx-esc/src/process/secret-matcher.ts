interface State {
  readonly next: Map<number, State>;
  fail: State | undefined;
  /** Length in bytes of the longest secret that ends here. */
  length: number;
  depth: number;
}

/** Finds all of many byte strings in one pass over a text, however many there are (Aho and Corasick, 1975). */
export class SecretMatcher {
  readonly #root: State = createState(0);
  readonly longest: number;

  constructor(patterns: Iterable<Uint8Array>) {
    let longest = 0;
    for (const pattern of patterns) {
      if (pattern.length === 0) continue;
      longest = Math.max(longest, pattern.length);
      this.#add(pattern);
    }
    this.longest = longest;
    this.#link();
  }

  #add(pattern: Uint8Array): void {
    let state = this.#root;
    for (const byte of pattern) {
      let next = state.next.get(byte);
      if (next === undefined) state.next.set(byte, (next = createState(state.depth + 1)));
      state = next;
    }
    state.length = pattern.length;
  }

  #link(): void {
    const queue = [...this.#root.next.values()];
    for (const state of queue) state.fail = this.#root;
    for (const state of queue) {
      for (const [byte, next] of state.next) {
        next.fail = this.#step(state.fail as State, byte);
        next.length = Math.max(next.length, next.fail.length);
        queue.push(next);
      }
    }
  }

  #step(from: State, byte: number): State {
    let state: State | undefined = from;
    while (state !== undefined) {
      const next = state.next.get(byte);
      if (next !== undefined) return next;
      state = state.fail;
    }
    return this.#root;
  }

  /**
   * Finds the stretches covered by secrets, joined where they touch. `pending` is how many bytes at the end may be the
   * start of one.
   */
  find(bytes: Uint8Array): {
    readonly ranges: readonly (readonly [start: number, end: number])[];
    readonly pending: number;
  } {
    const ranges: [number, number][] = [];
    let state = this.#root;
    for (let index = 0; index < bytes.length; index += 1) {
      state = this.#step(state, bytes[index] as number);
      if (state.length === 0) continue;
      let start = index + 1 - state.length;
      for (let last = ranges.at(-1); last !== undefined && last[1] >= start; last = ranges.at(-1)) {
        start = Math.min(start, last[0]);
        ranges.pop();
      }
      ranges.push([start, index + 1]);
    }
    return { ranges, pending: state.depth };
  }
}

function createState(depth: number): State {
  return { next: new Map(), fail: undefined, length: 0, depth };
}
