import { setTimeout as delay } from 'node:timers/promises';
import { NetworkError, networkErrorOf } from './network-error';
import { type TimeLimit, withinTimeLimit } from './time-limit';

const ATTEMPTS = 4;
const BASE_MS = 200;
const LONGEST_MS = 5000;

export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly timeLimit: TimeLimit;
  /** Which failures are followed by another attempt; those that are temporary unless given. */
  readonly mayRepeat?: (error: unknown) => boolean;
}

/** An answer that says "try again later": a status of 429 or from 500 up. */
export class TemporaryError extends Error {}

/**
 * Does a remote call, at most four times and within the time limit, with exponential back-off and full jitter. It is
 * repeated after a TemporaryError, a broken connection or a failed look-up of a name; never after a refusal.
 */
export function withRetry<T>(
  call: (signal: AbortSignal) => Promise<T>,
  { signal, timeLimit, mayRepeat = isTemporary }: RetryOptions,
): Promise<T> {
  return withinTimeLimit(signal, timeLimit.totalMs, async (whole) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await withinTimeLimit(whole, timeLimit.attemptMs, call);
      } catch (error) {
        signal.throwIfAborted();
        if (attempt === ATTEMPTS || whole.aborted || !mayRepeat(error)) throw networkErrorOf(error) ?? error;
        const pause = Math.random() * Math.min(LONGEST_MS, BASE_MS * 2 ** attempt);
        await delay(pause, undefined, { signal: whole }).catch(() => undefined);
        signal.throwIfAborted();
        if (whole.aborted) throw networkErrorOf(error) ?? new NetworkError('timeout', 'it does not answer in time');
      }
    }
  });
}

function isTemporary(error: unknown): boolean {
  if (error instanceof TemporaryError) return true;
  const fault = networkErrorOf(error)?.fault;
  return fault !== undefined && fault !== 'tls';
}
