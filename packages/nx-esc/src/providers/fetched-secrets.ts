/**
 * What was fetched in this run, so that each secret is fetched once however often it is asked for. It is in memory
 * alone, and keyed by who asked: another role gets its own answer.
 */
export class FetchedSecrets {
  readonly #byKey = new Map<string, Promise<unknown>>();

  /** The answer for a key; failures are forgotten. */
  get<T>(key: readonly unknown[], fetch: () => Promise<T>): Promise<T> {
    const id = JSON.stringify(key);
    const known = this.#byKey.get(id) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const fetching = fetch();
    this.#byKey.set(id, fetching);
    fetching.catch(() => this.#byKey.delete(id));
    return fetching;
  }
}
