/** Keys of AWS, with their end where they have one. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** An identity that AWS has confirmed. */
export interface AwsSession {
  readonly credentials: AwsCredentials;
  /** ARN of who this is: of a user, or of a session of a role. */
  readonly arn: string;
  readonly account: string;
  /** Where it comes from, in words. */
  readonly source: string;
  readonly sessionName?: string;
  /** Of the OIDC token that was exchanged. */
  readonly subject?: string;
  readonly audiences?: readonly string[];
}

/** A session is renewed this long before its end; SDKs themselves ask anew five minutes before. */
const MARGIN_MS = 10 * 60_000;

/** Holds a session and renews it before it ends. Those who ask at the same time get the same one. */
export class RenewedSession {
  #current: Promise<AwsSession> | undefined;

  constructor(
    readonly begin: () => Promise<AwsSession>,
    readonly now: () => number = Date.now,
  ) {}

  async get(): Promise<AwsSession> {
    const held = this.#current;
    if (held !== undefined) {
      const session = await held;
      if (!this.#isEnding(session)) return session;
      // Somebody else may have begun a new one while we looked.
      if (this.#current !== held) return this.get();
    }
    const begun = this.begin();
    this.#current = begun;
    // A failure is not kept: the next one who asks tries again.
    begun.catch(() => (this.#current === begun ? (this.#current = undefined) : undefined));
    return begun;
  }

  #isEnding({ credentials: { expiration } }: AwsSession): boolean {
    return expiration !== undefined && expiration.getTime() - this.now() < MARGIN_MS;
  }
}
