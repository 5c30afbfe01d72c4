import { randomBytes } from 'node:crypto';

interface Session {
  readonly owner: string;
  /** What was opened, as the API has it in JSON: far smaller than what it was evaluated with. */
  readonly json: Buffer;
  readonly expires: number;
}

export interface SessionLimits {
  readonly sessions: number;
  readonly sessionBytes: number;
}

const SWEEP_MS = 30_000;

/** Environments that were opened, each under an id that cannot be guessed, until its time is over. */
export class OpenSessions {
  readonly #sessions = new Map<string, Session>();
  #bytes = 0;
  /** What has expired does not stay in memory for long. */
  readonly #sweep = setInterval(() => this.#removeExpired(), SWEEP_MS).unref();

  constructor(readonly limits: SessionLimits) {}

  /** Keeps what was opened; where it is too much, the oldest ends. */
  add(owner: string, json: string, milliseconds: number): string {
    const session = { owner, json: Buffer.from(json), expires: Date.now() + milliseconds };
    const id = randomBytes(16).toString('hex');
    this.#sessions.set(id, session);
    this.#bytes += session.json.length;
    this.#removeExpired();
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.limits.sessions && this.#bytes <= this.limits.sessionBytes) break;
      if (oldest !== id) this.#remove(oldest);
    }
    return id;
  }

  /** What was opened of an environment; undefined where there is no such session, or no longer. */
  read(owner: string, id: string): string | undefined {
    const session = this.#sessions.get(id);
    return session?.owner === owner && session.expires > Date.now() ? session.json.toString() : undefined;
  }

  /** Ends all of them. */
  dispose(): void {
    clearInterval(this.#sweep);
    for (const id of this.#sessions.keys()) this.#remove(id);
  }

  #removeExpired(): void {
    const now = Date.now();
    for (const [id, { expires }] of this.#sessions) if (expires <= now) this.#remove(id);
  }

  #remove(id: string): void {
    const json = this.#sessions.get(id)?.json;
    // It may hold secrets.
    json?.fill(0);
    this.#bytes -= json?.length ?? 0;
    this.#sessions.delete(id);
  }
}
