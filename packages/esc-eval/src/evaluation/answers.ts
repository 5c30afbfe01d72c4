import type { Answer } from '../functions/function';
import { ProviderFault } from '../functions/provider';
import type { FunctionCall } from '../language/ast';

const PENDING: Answer = { state: 'pending' };

/**
 * What the host has answered so far, by the call that asked. Each question is asked once per operation; an answer that
 * is there at once is used at once.
 */
export class Answers {
  readonly #answers = new Map<FunctionCall, Map<string, Answer>>();
  readonly #running = new Set<Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(
    readonly signal: AbortSignal,
    readonly concurrency: number,
  ) {}

  get isWaiting(): boolean {
    return this.#running.size > 0;
  }

  ask(call: FunctionCall, question: string, start: (signal: AbortSignal) => unknown): Answer {
    let answers = this.#answers.get(call);
    if (answers === undefined) this.#answers.set(call, (answers = new Map<string, Answer>()));
    const known = answers.get(question);
    if (known !== undefined) return known;
    answers.set(question, PENDING);
    this.#run(start, (answer) => answers.set(question, answer));
    return answers.get(question) as Answer;
  }

  #run(start: (signal: AbortSignal) => unknown, settle: (answer: Answer) => void): void {
    if (this.#active >= this.concurrency) {
      const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#track(turn.then(() => this.#start(start, settle)));
      return;
    }
    const running = this.#start(start, settle);
    if (running !== undefined) this.#track(running);
  }

  #start(start: (signal: AbortSignal) => unknown, settle: (answer: Answer) => void): Promise<void> | undefined {
    this.#active += 1;
    try {
      const result = start(this.signal);
      if (isPromise(result)) return this.#finish(result, settle);
      settle({ state: 'done', value: result });
    } catch (error) {
      settle(failureOf(error));
    }
    this.#release();
    return undefined;
  }

  async #finish(result: Promise<unknown>, settle: (answer: Answer) => void): Promise<void> {
    try {
      settle({ state: 'done', value: await result });
    } catch (error) {
      settle(failureOf(error));
    } finally {
      this.#release();
    }
  }

  #release(): void {
    this.#active -= 1;
    this.#waiting.shift()?.();
  }

  #track(running: Promise<void>): void {
    const tracked = running.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Waits until every question asked so far is answered, or until some are. */
  async wait(forAll: boolean): Promise<void> {
    this.signal.throwIfAborted();
    const running = [...this.#running];
    const answered = forAll ? Promise.all(running) : Promise.race(running);
    await rejectOnAbort<unknown>(answered, this.signal);
    if (!forAll) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Settles as a promise does, or rejects as soon as a signal is given. */
export async function rejectOnAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function failureOf(error: unknown): Answer {
  const { range, hint } = error instanceof ProviderFault ? error.details : {};
  return { state: 'failed', message: messageOf(error), ...(range && { range }), ...(hint && { hint }) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
