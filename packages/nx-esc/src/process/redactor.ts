import { formsOfSecret, isRedactable, SHORTEST_SECRET } from './secret-forms';
import { SecretMatcher } from './secret-matcher';

const MASK = Buffer.from('[secret]');

/**
 * Replaces secrets in what is printed by `[secret]`: as they are, line by line where they have several, and in the
 * forms in which programs commonly print them. Values that cannot be told from ordinary text are left, and named.
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  readonly #unredactable = new Map<string, boolean>();
  #matcher: SecretMatcher | undefined;

  /** Adds a secret; `name` is how to speak of it where it is too short to be redacted. */
  add(secret: string, name?: string): void {
    if (secret.length > 0 && !isRedactable(secret)) {
      if (name !== undefined && !this.#unredactable.has(name)) this.#unredactable.set(name, false);
      return;
    }
    if (secret.length === 0 || this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    this.#matcher = undefined;
  }

  /** Names of secrets that cannot be redacted, each told once. */
  takeUnredactable(): string[] {
    const names = [...this.#unredactable].filter(([, isTold]) => !isTold).map(([name]) => name);
    for (const name of names) this.#unredactable.set(name, true);
    return names;
  }

  get matcher(): SecretMatcher {
    this.#matcher ??= new SecretMatcher([...this.#secrets].flatMap(formsOfSecret));
    return this.#matcher;
  }

  /** Redacts a whole text. */
  redact(text: string): string {
    if (this.#secrets.size === 0) return text;
    const stream = new RedactingStream(this);
    return Buffer.concat([stream.write(Buffer.from(text)), stream.end()]).toString();
  }

  /** Redacts a text that comes in chunks: a secret may be cut by them. */
  createStream(): RedactingStream {
    return new RedactingStream(this);
  }
}

/**
 * One stream of a child. What may be the beginning of a secret is held until it is one, or is none; no time-out lets it
 * go, since a slow writer would thereby print its secrets. Positions count the bytes of the stream.
 */
export class RedactingStream {
  #matcher: SecretMatcher;
  #state: number;
  /** Bytes that have been read. */
  #position = 0;
  /** Bytes that have been printed or masked. */
  #settled = 0;
  /** What lies between the two, in pieces. */
  #held: Buffer[] = [];
  /** Stretches of secrets, joined where they touch, in order; the first may go back to what is masked already. */
  #found: [start: number, end: number][] = [];
  #maskedUntil = -1;

  constructor(readonly redactor: Redactor) {
    this.#matcher = redactor.matcher;
    this.#state = this.#matcher.start;
  }

  /** Takes a chunk and answers what can be printed by now. */
  write(chunk: Uint8Array): Buffer {
    if (this.redactor.matcher !== this.#matcher) this.#readAgain();
    this.#read(chunk);
    return this.#settle(this.#position - this.#matcher.depthOf(this.#state));
  }

  /** Answers what is left. What would be a secret if the stream had not been cut off is masked too. */
  end(): Buffer {
    const begun = this.#matcher.depthOf(this.#state);
    if (begun >= SHORTEST_SECRET) this.#join(this.#position - begun, this.#position);
    const rest = this.#settle(this.#position);
    this.#state = this.#matcher.start;
    return rest;
  }

  /** Reads what is held once more: there are secrets now that were not known before. */
  #readAgain(): void {
    const held = Buffer.concat(this.#held);
    this.#matcher = this.redactor.matcher;
    this.#state = this.#matcher.start;
    this.#position = this.#settled;
    this.#held = [];
    this.#found = [];
    this.#read(held);
  }

  #read(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    const base = this.#position;
    this.#state = this.#matcher.read(chunk, this.#state, (from, to) => this.#join(base + from, base + to));
    this.#position += chunk.length;
    this.#held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }

  #join(from: number, end: number): void {
    const found = this.#found;
    const previous = found.at(-1);
    if (previous !== undefined && from >= previous[0] && from <= previous[1]) {
      previous[1] = end;
      return;
    }
    let start = from;
    for (let last = found.at(-1); last !== undefined && last[1] >= start; last = found.at(-1)) {
      start = Math.min(start, last[0]);
      found.pop();
    }
    found.push([start, end]);
  }

  /** Prints and masks what lies before a position; no secret that is still to be found begins there. */
  #settle(until: number): Buffer {
    const pieces: Buffer[] = [];
    let taken = 0;
    for (const [start, end] of this.#found) {
      if (start >= until) break;
      taken += 1;
      this.#take(start - this.#settled, pieces);
      if (start > this.#maskedUntil) pieces.push(MASK);
      this.#take(end - this.#settled);
      this.#maskedUntil = end;
    }
    if (taken > 0) this.#found.splice(0, taken);
    this.#take(until - this.#settled, pieces);
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  }

  /** Takes bytes off what is held. */
  #take(count: number, into?: Buffer[]): void {
    for (let left = count; left > 0;) {
      const [piece] = this.#held as [Buffer];
      const part = piece.length <= left ? piece : piece.subarray(0, left);
      into?.push(part);
      if (part === piece) this.#held.shift();
      else this.#held[0] = piece.subarray(left);
      this.#settled += part.length;
      left -= part.length;
    }
  }
}
