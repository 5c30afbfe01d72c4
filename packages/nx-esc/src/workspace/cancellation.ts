import { setMaxListeners } from 'node:events';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface Cancellation {
  readonly signal: AbortSignal;
  dispose(): void;
}

/** Turns the signals that end a process, however many come, into one cancellation. */
export function cancelOnSignals(): Cancellation {
  const controller = new AbortController();
  // All that runs side by side listens to it.
  setMaxListeners(0, controller.signal);
  const cancel = (): void => controller.abort(new Error('cancelled'));
  for (const signal of SIGNALS) process.on(signal, cancel);
  return {
    signal: controller.signal,
    dispose() {
      for (const signal of SIGNALS) process.removeListener(signal, cancel);
    },
  };
}
