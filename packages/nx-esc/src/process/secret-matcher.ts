import { END_OF_TAIL, growTrie } from './secret-trie';

/** Room for the table of the states near the root, in which most of any text is read (entries of four bytes). */
const TABLE_ENTRIES = 1 << 18;
/** Blocks of this many bytes are looked up to skip what cannot be the start of a pattern. */
const BLOCK = 4;
/** Bits of the hash of a block: so many that few blocks share one, and so few that the table stays in a cache. */
const [FEWEST_HASH_BITS, MOST_HASH_BITS] = [10, 20];
/** Reading ahead further gains nothing, and the bits of `SHIFT` must hold the distance. */
const LONGEST_WINDOW = 24;
/** Of what is known of a block: how far to go on where it ends a window. */
const SHIFT = 0x7f;
/** Of what is known of a block: some pattern begins with it. */
const BEGINS = 0x80;

/** Told of each pattern that is found: the longest one that ends there. */
export type OnMatch = (start: number, end: number) => void;

/**
 * Finds all of many byte strings in one pass over a text, however many there are (Aho and Corasick, 1975), and skips
 * stretches in which none can begin (Wu and Manber, 1994).
 *
 * Where patterns part, states are numbered breadth first, so that the children of one lie side by side, and those near
 * the root have all their transitions in a table over classes of bytes. What is left of a pattern beyond that, its tail,
 * is a run of states, read in order: most states are in tails.
 */
export class SecretMatcher {
  /** Children of a state that is not in a tail: from `#children[state]` up to `#children[state + 1]`. */
  readonly #children: Int32Array;
  /** The first state of the tail that follows such a state, or 0. */
  readonly #tails: Int32Array;
  readonly #labels: Uint16Array;
  /** Where to go on when a state has no transition. */
  readonly #fail: Int32Array;
  readonly #depths: Int32Array;
  /** Length of the longest pattern that ends in a state, or 0. */
  readonly #lengths: Int32Array;
  readonly #classes = new Uint8Array(256);
  #classCount = 1;
  #table = new Int32Array(0);
  #tableStates = 0;
  /** Bytes to look at together where nothing has begun: the length of the shortest pattern. */
  readonly #window: number;
  /** What is known of each block, by its hash; of no length where nothing can be skipped. */
  readonly #blocks: Uint8Array;

  constructor(patterns: Iterable<Uint8Array>) {
    const sorted = sortUnique(patterns);
    const { children, tails, labels, depths, lengths } = growTrie(sorted);
    this.#children = children;
    this.#tails = tails;
    this.#labels = labels;
    this.#depths = depths;
    this.#lengths = lengths;
    this.#fail = new Int32Array(labels.length);
    this.#link();
    this.#tabulate();
    this.#window = Math.min(LONGEST_WINDOW, ...sorted.map(({ length }) => length));
    this.#blocks = sorted.length > 0 && this.#window > BLOCK ? blocksOf(sorted, this.#window) : new Uint8Array(0);
  }

  /** The state in which nothing has begun. */
  readonly start = 0;

  /** Length of the longest end of the text read so far that may be the start of a pattern. */
  depthOf(state: number): number {
    return this.#depths[state] as number;
  }

  /** Reads bytes from a state on and answers the state after them. */
  read(bytes: Uint8Array, from: number, onMatch: OnMatch): number {
    const { length: branching } = this.#tails;
    const labels = this.#labels;
    const lengths = this.#lengths;
    const table = this.#table;
    const tableStates = this.#tableStates;
    const classes = this.#classes;
    const classCount = this.#classCount;
    const depths = this.#depths;
    const canSkip = this.#blocks.length > 0;
    const end = bytes.length;
    let state = from;
    let index = 0;
    while (index < end) {
      if (state >= branching) {
        // Within a tail the next state is the next number.
        while (index < end && labels[state + 1] === bytes[index]) {
          state += 1;
          index += 1;
          const length = lengths[state] as number;
          if (length !== 0) onMatch(index - length, index);
        }
        if (index >= end) break;
      } else if (canSkip && state < tableStates) {
        const depth = depths[state] as number;
        if (depth < 2 && depth <= index) {
          const next = this.#skip(bytes, index - depth);
          if (next > index - depth) {
            // Nothing begins before `next`.
            state = 0;
            index = next;
            if (index >= end) break;
          }
        }
      }
      const byte = bytes[index] as number;
      state =
        state < tableStates
          ? (table[state * classCount + (classes[byte] as number)] as number)
          : this.#step(state, byte);
      index += 1;
      const length = lengths[state] as number;
      if (length !== 0) onMatch(index - length, index);
    }
    return state;
  }

  /** The first place from `begin` on at which a pattern may begin. */
  #skip(bytes: Uint8Array, begin: number): number {
    const blocks = this.#blocks;
    const unused = 1 + Math.clz32(blocks.length);
    const last = bytes.length - this.#window;
    const ahead = this.#window - BLOCK;
    let position = begin;
    while (position <= last) {
      const shift = (blocks[hashBlock(bytes, position + ahead, unused)] as number) & SHIFT;
      if (shift !== 0) position += shift;
      else if (((blocks[hashBlock(bytes, position, unused)] as number) & BEGINS) !== 0) break;
      else position += 1;
    }
    return position;
  }

  #step(from: number, byte: number): number {
    for (let state = from; ; state = this.#fail[state] as number) {
      if (state < this.#tableStates)
        return this.#table[state * this.#classCount + (this.#classes[byte] as number)] as number;
      const child = this.#childOf(state, byte);
      if (child !== 0) return child;
    }
  }

  /** The child of a state by a byte, or 0. */
  #childOf(state: number, byte: number): number {
    const labels = this.#labels;
    if (state >= this.#tails.length) return labels[state + 1] === byte ? state + 1 : 0;
    const end = this.#children[state + 1] as number;
    for (let child = this.#children[state] as number; child < end; child += 1) {
      if (labels[child] === byte) return child;
    }
    const tail = this.#tails[state] as number;
    return labels[tail] === byte ? tail : 0;
  }

  #childrenOf(state: number): number[] {
    if (state >= this.#tails.length) return this.#labels[state + 1] === END_OF_TAIL ? [] : [state + 1];
    const children: number[] = [];
    const end = this.#children[state + 1] as number;
    for (let child = this.#children[state] as number; child < end; child += 1) children.push(child);
    const tail = this.#tails[state] as number;
    if (tail !== 0) children.push(tail);
    return children;
  }

  /** Links each state to the longest proper end of its text that is a state too, level by level. */
  #link(): void {
    const labels = this.#labels;
    const lengths = this.#lengths;
    const fail = this.#fail;
    const link = (state: number, child: number): void => {
      const byte = labels[child] as number;
      let target = 0;
      for (let from = state; from !== 0 && target === 0;) {
        from = fail[from] as number;
        target = this.#childOf(from, byte);
      }
      fail[child] = target;
      if (lengths[child] === 0) lengths[child] = lengths[target] as number;
    };
    let inTails: number[] = [];
    for (let state = 0, depth = 0; state < this.#tails.length || inTails.length > 0; depth += 1) {
      const next: number[] = [];
      for (; state < this.#tails.length && this.#depths[state] === depth; state += 1) {
        for (const child of this.#childrenOf(state)) link(state, child);
        const tail = this.#tails[state] as number;
        if (tail !== 0) next.push(tail);
      }
      for (const tail of inTails) {
        if (labels[tail + 1] === END_OF_TAIL) continue;
        link(tail, tail + 1);
        next.push(tail + 1);
      }
      inTails = next;
    }
  }

  #tabulate(): void {
    for (let state = 1; state < this.#labels.length; state += 1) {
      const byte = this.#labels[state] as number;
      if (byte !== END_OF_TAIL && this.#classes[byte] === 0) this.#classes[byte] = this.#classCount++;
    }
    const states = Math.min(this.#tails.length, Math.max(1, Math.floor(TABLE_ENTRIES / this.#classCount)));
    this.#table = new Int32Array(states * this.#classCount);
    for (let state = 0; state < states; state += 1) {
      const row = state * this.#classCount;
      // What a state lacks is that of the states to go on from: those in tails have no row of their own.
      const own = [state];
      for (let from = state; from !== 0;) {
        from = this.#fail[from] as number;
        if (from < states) {
          const linked = from * this.#classCount;
          this.#table.copyWithin(row, linked, linked + this.#classCount);
          break;
        }
        own.push(from);
      }
      for (const from of own.reverse()) {
        for (const child of this.#childrenOf(from)) {
          this.#table[row + (this.#classes[this.#labels[child] as number] as number)] = child;
        }
      }
    }
    this.#tableStates = states;
  }
}

function sortUnique(patterns: Iterable<Uint8Array>): Buffer[] {
  // Strings of a character for each byte are sorted several times as fast as buffers.
  const texts = new Set(Array.from(patterns, (pattern) => Buffer.from(pattern).toString('latin1')));
  texts.delete('');
  return [...texts].sort().map((text) => Buffer.from(text, 'latin1'));
}

/**
 * What is known of each block: how far to go on where it stands at the end of a window, so that no pattern that may hold
 * it there is passed by, and whether a pattern begins with it.
 */
function blocksOf(patterns: readonly Uint8Array[], window: number): Uint8Array {
  const ahead = window - BLOCK;
  const bits = 5 + Math.ceil(Math.log2(patterns.length * (ahead + 1)));
  const blocks = new Uint8Array(1 << Math.min(Math.max(bits, FEWEST_HASH_BITS), MOST_HASH_BITS)).fill(ahead + 1);
  const unused = 1 + Math.clz32(blocks.length);
  for (const pattern of patterns) {
    for (let offset = 0; offset <= ahead; offset += 1) {
      const hash = hashBlock(pattern, offset, unused);
      const known = blocks[hash] as number;
      blocks[hash] = (known & BEGINS) | Math.min(known & SHIFT, ahead - offset);
    }
    const first = hashBlock(pattern, 0, unused);
    blocks[first] = (blocks[first] as number) | BEGINS;
  }
  return blocks;
}

/** The upper bits of the product of a block; `unused` is how many lower ones are left out. */
function hashBlock(bytes: Uint8Array, at: number, unused: number): number {
  const block =
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24);
  return Math.imul(block, 0x9e3779b1) >>> unused;
}
