/** Why an endpoint gave no usable answer. */
export type NetworkFault = 'timeout' | 'tls' | 'unreachable' | 'truncated';

/** An endpoint could not be spoken to. */
export class NetworkError extends Error {
  constructor(
    readonly fault: NetworkFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'NetworkError';
  }
}

const TLS_CODE = /CERT|SSL|TLS|ALTNAME|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO/;
const TRUNCATED_CODE = /^(?:UND_ERR_SOCKET|ECONNABORTED|HPE_.*)$/;
const UNREACHABLE_CODE = /^(?:ECONN.*|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|UND_ERR_.*)$/;

/** Reads what the runtime says of a failed request; undefined for an error that is not about the network. */
export function networkErrorOf(error: unknown): NetworkError | undefined {
  if (error instanceof NetworkError) return error;
  for (let cause = error; cause instanceof Error; cause = cause.cause ?? firstOf(cause)) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const fault = faultOf(cause.name, String(code), cause.message);
    if (fault !== undefined) return new NetworkError(fault, describe(fault, cause, String(code)), { cause: error });
  }
  return isFailedFetch(error) ? new NetworkError('unreachable', 'no connection', { cause: error }) : undefined;
}

function faultOf(name: string, code: string, message: string): NetworkFault | undefined {
  if (name === 'TimeoutError' || code === 'ETIMEDOUT' || code.endsWith('_TIMEOUT')) return 'timeout';
  if (TLS_CODE.test(code)) return 'tls';
  if (TRUNCATED_CODE.test(code) || /^(?:aborted|terminated)$/.test(message)) return 'truncated';
  return UNREACHABLE_CODE.test(code) || /socket hang up/.test(message) ? 'unreachable' : undefined;
}

/** What `fetch` says where it says no more, as of a port that it never connects to. */
function isFailedFetch(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed';
}

/** A connection that failed at several addresses has an error for each. */
function firstOf(error: Error): unknown {
  return error instanceof AggregateError ? (error.errors as unknown[])[0] : undefined;
}

function describe(fault: NetworkFault, cause: Error, code: string): string {
  switch (fault) {
    case 'timeout':
      return 'it does not answer in time';
    case 'tls':
      return `its TLS certificate is refused (${code})`;
    case 'truncated':
      return 'the connection broke off in the middle of the answer';
    case 'unreachable':
      return `no connection (${code === '' ? cause.message : code})`;
  }
}
