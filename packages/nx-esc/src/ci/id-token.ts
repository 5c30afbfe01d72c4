import { inspect } from 'node:util';

/** What a token says of itself. It is not verified here: for messages and names of sessions alone. */
export interface IdTokenClaims {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audiences: readonly string[];
  /** Seconds since 1970. */
  readonly expiresAt?: number;
  readonly all: Readonly<Record<string, unknown>>;
}

/** An OIDC token of a CI. It prints as `[secret]`. */
export class IdToken {
  readonly #text: string;
  readonly claims: IdTokenClaims;

  private constructor(text: string, claims: IdTokenClaims) {
    this.#text = text;
    this.claims = claims;
  }

  /** Takes a text for a token; undefined for what has not the form of one. */
  static parse(text: string): IdToken | undefined {
    const claims = readClaims(text.trim());
    return claims === undefined ? undefined : new IdToken(text.trim(), claims);
  }

  /** The token itself, for the request that must send it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

function readClaims(text: string): IdTokenClaims | undefined {
  const parts = text.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const all = JSON.parse(Buffer.from(parts[1] as string, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (typeof all !== 'object' || all === null) return undefined;
    const { iss, sub, aud, exp } = all;
    return {
      all,
      audiences: (Array.isArray(aud) ? aud : [aud]).filter((item) => typeof item === 'string'),
      ...(typeof iss === 'string' && { issuer: iss }),
      ...(typeof sub === 'string' && { subject: sub }),
      ...(typeof exp === 'number' && { expiresAt: exp }),
    };
  } catch {
    return undefined;
  }
}
