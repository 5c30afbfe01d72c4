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

/** What errors of every origin have: those of `fetch` and of timers are not all instances of Error here. */
interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  /** A connection that failed at several addresses has an error for each. */
  readonly errors?: readonly unknown[];
}

/** Reads what the runtime says of a failed request; undefined for an error that is not about the network. */
export function networkErrorOf(error: unknown): NetworkError | undefined {
  if (error instanceof NetworkError) return error;
  for (let cause = error; isErrorLike(cause); cause = cause.cause ?? cause.errors?.[0]) {
    const fault = faultOf(cause);
    if (fault !== undefined) return new NetworkError(fault, describe(fault, cause), { cause: error });
  }
  return undefined;
}

function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
}

function faultOf({ name, code: given = '', message }: ErrorLike): NetworkFault | undefined {
  const code = String(given);
  if (name === 'TimeoutError' || code === 'ETIMEDOUT' || code.endsWith('_TIMEOUT')) return 'timeout';
  if (TLS_CODE.test(code)) return 'tls';
  if (TRUNCATED_CODE.test(code) || /^(?:aborted|terminated)$/.test(message)) return 'truncated';
  // A port that `fetch` never connects to has no code.
  return UNREACHABLE_CODE.test(code) || /socket hang up|^bad port$/.test(message) ? 'unreachable' : undefined;
}

function describe(fault: NetworkFault, { code, message }: ErrorLike): string {
  switch (fault) {
    case 'timeout':
      return 'it does not answer in time';
    case 'tls':
      return `its TLS certificate is refused (${String(code)})`;
    case 'truncated':
      return 'the connection broke off in the middle of the answer';
    case 'unreachable':
      return `no connection (${String(code ?? message)})`;
  }
}
