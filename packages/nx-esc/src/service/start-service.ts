import { setMaxListeners } from 'node:events';
import { type AddressInfo, isIP } from 'node:net';
import type { ProviderHost } from '../backends/local/local-backend';
import { Failure } from '../failures/failure';
import { createToken } from './access-token';
import { Environments } from './environments';
import { Evaluator } from './evaluator';
import { OpenSessions, type SessionLimits } from './open-sessions';
import type { SecretKeeper } from './secrets/secret-keeper';
import { type AnsweredRequest, createServer, type ServiceLimits } from './server';
import type { EnvironmentStore } from './stores/environment-store';

export interface ServiceOptions {
  readonly store: EnvironmentStore;
  /** Opens and rotates; nothing can be opened by providers where absent. */
  readonly providers?: (signal: AbortSignal) => ProviderHost;
  /** Encrypts secrets before they are stored; secrets in plain text are refused where absent. */
  readonly keeper?: SecretKeeper;
  /** The one organization that there is. Where it is given, imports of other organizations are not found. */
  readonly organization?: string;
  readonly user?: string;
  /** What clients must send; random unless given. */
  readonly token?: string;
  /** Address to listen on: that of this machine alone, unless `allowsRemote`. */
  readonly host?: string;
  /** A free one unless given. */
  readonly port?: number;
  readonly allowsRemote?: boolean;
  readonly allowedHosts?: readonly string[];
  readonly isReadOnly?: boolean;
  readonly limits?: Partial<ServiceLimits & SessionLimits & { readonly pageSize: number }>;
  readonly onResponse?: (answered: AnsweredRequest) => void;
  readonly onFault?: (error: unknown) => void;
}

/** A service that runs. */
export interface Service {
  /** What clients take for the URL of their backend. */
  readonly url: string;
  readonly token: string;
  /** Answers what is under way, but waits no longer than it must, and ends. */
  close(): Promise<void>;
}

const LIMITS = {
  bodyBytes: 4 << 20,
  connections: 512,
  requestMs: 30_000,
  idleConnectionMs: 10_000,
  answerMs: 120_000,
  drainMs: 5000,
  sessions: 2048,
  sessionBytes: 256 << 20,
  pageSize: 500,
};
const SHORTEST_TOKEN = 16;
const DEFAULT_ORGANIZATION = 'local';

/**
 * Starts a service that speaks the API of Pulumi ESC over a store.
 *
 * @throws Failure config/option-invalid, config/address-unavailable
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { host = '127.0.0.1', port = 0, token = createToken(), organization } = options;
  assertSafe(host, token, options.allowsRemote ?? false);
  const limits = { ...LIMITS, ...options.limits };
  const environments = new Environments(options.store, options.keeper, options.user ?? 'nx-esc');
  const evaluator = new Evaluator({
    environments,
    providers: options.providers ?? (() => NO_PROVIDERS),
    ...(organization !== undefined && { organization }),
  });
  const sessions = new OpenSessions(limits);
  const ending = new AbortController();
  // Every request listens to it while it runs.
  setMaxListeners(0, ending.signal);
  const server = await createServer({
    context: {
      environments,
      evaluator,
      sessions,
      organization: organization ?? DEFAULT_ORGANIZATION,
      user: environments.user,
      pageSize: limits.pageSize,
    },
    token,
    limits,
    isReadOnly: options.isReadOnly ?? false,
    allowedHosts: [...(options.allowedHosts ?? []), host].map((name) => name.toLowerCase()),
    onResponse: options.onResponse ?? (() => undefined),
    onFault: options.onFault ?? (() => undefined),
    signal: ending.signal,
  });
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw unavailable(host, port, error as NodeJS.ErrnoException);
  }
  const { port: taken } = server.server.address() as AddressInfo;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${taken}`,
    token,
    async close() {
      const impatient = setTimeout(() => {
        ending.abort(new Error('the service ends'));
        server.server.closeAllConnections();
      }, limits.drainMs).unref();
      await server.close();
      clearTimeout(impatient);
      ending.abort(new Error('the service ends'));
      sessions.dispose();
    },
  };
}

const NO_PROVIDERS: ProviderHost = {
  loadProvider: (name) => {
    throw new Error(`unknown provider ${JSON.stringify(name)}`);
  },
  loadRotator: (name) => {
    throw new Error(`unknown rotator ${JSON.stringify(name)}`);
  },
};

/** Opened secrets go over the wire in plain text, so it is that of this machine unless somebody insists. */
function assertSafe(host: string, token: string, allowsRemote: boolean): void {
  const isLoopback = host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
  if (!isLoopback && !allowsRemote) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `${host} is not an address of this machine alone`,
      hint: 'leave out --host, or add --allow-remote: what is opened goes over the network in plain text',
    });
  }
  if (token.length < SHORTEST_TOKEN) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `the token of the service has less than ${SHORTEST_TOKEN} characters`,
      hint: 'leave it out: a random one is made',
    });
  }
}

function unavailable(host: string, port: number, error: NodeJS.ErrnoException): Failure {
  return new Failure(
    {
      class: 'config',
      code: 'address-unavailable',
      message: `the service cannot listen on ${host}:${port} (${error.code})`,
      hint: 'choose another port, or --port=0 for a free one',
    },
    { cause: error },
  );
}
