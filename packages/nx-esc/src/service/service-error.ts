import type { Diagnostic } from 'esc-eval';

/** What a request is answered with that cannot be done; clients show the message. */
export class ServiceError extends Error {
  constructor(
    /** Status of HTTP. */
    readonly status: number,
    message: string,
    readonly diagnostics?: readonly Diagnostic[],
  ) {
    super(message);
    this.name = 'ServiceError';
  }
}

/** Answers that there is no such thing. */
export function notFound(what: string): ServiceError {
  return new ServiceError(404, `${what} not found`);
}
