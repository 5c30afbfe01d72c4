import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

/** Checks what clients send as `Authorization`, in a time that tells nothing of the token. */
export class TokenCheck {
  readonly #expected: Buffer;

  constructor(token: string) {
    this.#expected = digest(token);
  }

  accepts(authorization: string | undefined): boolean {
    const [, scheme = '', token = ''] = /^(\S+) +(\S+)$/.exec(authorization ?? '') ?? [];
    // Both are always done, whatever the scheme is.
    const isToken = timingSafeEqual(digest(token), this.#expected);
    return isToken && scheme.toLowerCase() === 'token';
  }
}

/** Hashes have one length, so that texts of any length can be compared in constant time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Tells whether a request was meant for this service: a page whose host name was made to lead here (DNS rebinding) sends
 * that name. Addresses cannot be rebound.
 */
export function isAllowedHost(header: string | undefined, allowedHosts: readonly string[]): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(header ?? '') ?? [];
  const host = (bracketed ?? plain ?? '').toLowerCase();
  return isIP(host) !== 0 || host === 'localhost' || allowedHosts.includes(host);
}
