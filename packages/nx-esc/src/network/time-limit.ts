import { setMaxListeners } from 'node:events';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';

/** All attempts of one remote call together end within this time. */
const DEFAULT_SECONDS = 30;

/** How long remote calls may take. */
export interface TimeLimit {
  /** One call with all its repetitions. */
  readonly totalMs: number;
  /** A single attempt: a hanging endpoint leaves time for others. */
  readonly attemptMs: number;
}

/**
 * Reads the time limit of remote calls: 30 seconds, or NX_ESC_TIMEOUT.
 *
 * @throws Failure config/option-invalid
 */
export function readTimeLimit({ NX_ESC_TIMEOUT }: Environment): TimeLimit {
  const seconds = NX_ESC_TIMEOUT === undefined || NX_ESC_TIMEOUT === '' ? DEFAULT_SECONDS : Number(NX_ESC_TIMEOUT);
  if (!(seconds > 0 && seconds <= 3600)) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `NX_ESC_TIMEOUT is ${JSON.stringify(NX_ESC_TIMEOUT)}, which is no number of seconds`,
      hint: 'set it to a number from 1 to 3600, or leave it out',
    });
  }
  return { totalMs: seconds * 1000, attemptMs: Math.ceil((seconds * 1000) / 3) };
}

/** Runs something under a signal that is given when the caller's is, or when the time is over. */
export async function withinTimeLimit<T>(
  signal: AbortSignal,
  milliseconds: number,
  run: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  // Not AbortSignal.any with AbortSignal.timeout: Node.js 20 may collect both as garbage before the time is up.
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException('the operation took too long', 'TimeoutError')),
    milliseconds,
  );
  timer.unref();
  // Any number of calls run side by side under one signal; it would be taken for a leak from eleven on.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', follow, { once: true });
  if (signal.aborted) follow();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}
