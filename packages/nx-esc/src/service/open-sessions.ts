import { randomBytes } from 'node:crypto';
import type { ExportedEnvironment } from 'esc-eval';

interface Session {
  readonly owner: string;
  /** Null for an environment that holds nothing. */
  readonly environment: ExportedEnvironment | null;
  readonly expires: number;
}

/** Environments that were opened, each under an id that cannot be guessed, until its time is over. */
export class OpenSessions {
  readonly #sessions = new Map<string, Session>();

  constructor(
    readonly maximum: number,
    readonly now: () => number = Date.now,
  ) {}

  /** Keeps what was opened; where there are too many, the oldest ends. */
  add(owner: string, environment: ExportedEnvironment | null, milliseconds: number): string {
    this.#removeExpired();
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= this.maximum && oldest !== undefined) this.#sessions.delete(oldest);
    const id = randomBytes(16).toString('hex');
    this.#sessions.set(id, { owner, environment, expires: this.now() + milliseconds });
    return id;
  }

  /** What was opened of an environment; undefined where there is no such session, or no longer. */
  read(owner: string, id: string): { readonly environment: ExportedEnvironment | null } | undefined {
    const session = this.#sessions.get(id);
    return session?.owner === owner && session.expires > this.now() ? session : undefined;
  }

  clear(): void {
    this.#sessions.clear();
  }

  #removeExpired(): void {
    const now = this.now();
    for (const [id, { expires }] of this.#sessions) if (expires <= now) this.#sessions.delete(id);
  }
}
