import type { EnvironmentDetails, EnvironmentStore, Revision, StoredEnvironment } from './environment-store';

interface Entry {
  readonly revisions: Revision[];
  details: EnvironmentDetails;
}

/** Keeps environments as long as the process runs. */
export class MemoryStore implements EnvironmentStore {
  readonly #entries = new Map<string, Entry>();

  async names(): Promise<readonly string[]> {
    return [...this.#entries.keys()].sort();
  }

  async read(name: string): Promise<StoredEnvironment | undefined> {
    const entry = this.#entries.get(name);
    return entry && { head: entry.revisions.at(-1) as Revision, details: entry.details };
  }

  async readRevision(name: string, number: number): Promise<Revision | undefined> {
    return this.#entries.get(name)?.revisions[number - 1];
  }

  async create(name: string, details: EnvironmentDetails, revisions: readonly Revision[]): Promise<boolean> {
    if (this.#entries.has(name)) return false;
    this.#entries.set(name, { details, revisions: [...revisions] });
    return true;
  }

  async append(name: string, revision: Revision): Promise<boolean> {
    const revisions = this.#entries.get(name)?.revisions;
    if (revisions?.length !== revision.number - 1) return false;
    revisions.push(revision);
    return true;
  }

  async writeDetails(name: string, details: EnvironmentDetails): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry !== undefined) entry.details = details;
  }

  async remove(name: string): Promise<void> {
    this.#entries.delete(name);
  }
}
