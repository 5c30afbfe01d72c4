import type { Mark, Reader } from './reader';
import { YamlSyntaxError } from './syntax-error';

/** A place where a key of one line may have begun: a `:` later on tells. */
export interface SimpleKey {
  /** Where nothing but a key can stand, it is a fault if no `:` follows. */
  readonly isRequired: boolean;
  readonly tokenNumber: number;
  readonly mark: Mark;
}

/** A key that is written without `?` ends within so many characters. */
const LONGEST = 1024;

/** The keys that may have begun: one for each level of flow collections, and one for the blocks around them. */
export class SimpleKeys {
  readonly #levels: (SimpleKey | undefined)[] = [undefined];
  readonly #levelsByToken = new Map<number, number>();
  /** For each level the token of its last key; before it has had one, the bracket that began it. */
  readonly #lastTokens = [-1];

  constructor(readonly reader: Reader) {}

  get isInFlow(): boolean {
    return this.#levels.length > 1;
  }

  /** `tokenNumber` is that of the bracket. */
  enterFlow(tokenNumber: number): void {
    this.#levels.push(undefined);
    this.#lastTokens.push(tokenNumber);
  }

  /** go-yaml no longer looks for the colon after a collection that held nothing which could be a key. */
  leaveFlow(): void {
    if (!this.isInFlow) return;
    this.#levels.pop();
    this.#levelsByToken.delete(this.#lastTokens.pop() as number);
  }

  save(key: SimpleKey): void {
    this.drop();
    this.#levels[this.#top] = key;
    this.#lastTokens[this.#top] = key.tokenNumber;
    this.#levelsByToken.set(key.tokenNumber, this.#top);
  }

  /** Gives up the key of the current level, which must not be required. */
  drop(): void {
    const key = this.#levels[this.#top];
    if (key?.isRequired === true) this.#missColon(key);
    this.forget();
  }

  /** Forgets the key of the current level, which has been found or is none. */
  forget(): void {
    const key = this.#levels[this.#top];
    if (key === undefined) return;
    this.#levelsByToken.delete(key.tokenNumber);
    this.#levels[this.#top] = undefined;
  }

  /** The key that may have begun on the current level. */
  current(): SimpleKey | undefined {
    return this.#validAt(this.#top);
  }

  /** Tells whether a token may turn out to be a key. */
  mayBegin(tokenNumber: number): boolean {
    const level = this.#levelsByToken.get(tokenNumber);
    return level !== undefined && this.#validAt(level) !== undefined;
  }

  get #top(): number {
    return this.#levels.length - 1;
  }

  /** The key of a level, unless the line or too many characters have passed since. */
  #validAt(level: number): SimpleKey | undefined {
    const key = this.#levels[level];
    if (key === undefined) return undefined;
    const { reader } = this;
    if (key.mark.line >= reader.line && key.mark.index + LONGEST >= reader.index) return key;
    if (key.isRequired) this.#missColon(key);
    this.#levels[level] = undefined;
    return undefined;
  }

  #missColon(key: SimpleKey): never {
    throw new YamlSyntaxError('scanner', "could not find expected ':'", this.reader.mark, key.mark);
  }
}
