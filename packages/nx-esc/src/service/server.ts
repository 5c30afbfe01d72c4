import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Failure } from '../failures/failure';
import { isAllowedHost, TokenCheck } from './authentication';
import { ROUTES } from './routes';
import { diagnosticsPart, type Route, type RouteContext } from './routes/route';
import { ServiceError } from './service-error';

/** What one client may take. */
export interface ServiceLimits {
  readonly bodyBytes: number;
  readonly connections: number;
  /** How long a client may take to send a request. */
  readonly requestMs: number;
  readonly idleConnectionMs: number;
  /** How long the service may take to answer; providers of clouds are slow. */
  readonly answerMs: number;
  /** How long what is under way may take when the service ends. */
  readonly drainMs: number;
}

export interface ServerOptions {
  readonly context: RouteContext;
  readonly token: string;
  readonly limits: ServiceLimits;
  readonly isReadOnly: boolean;
  /** Names beside addresses and `localhost` under which clients may reach the service. */
  readonly allowedHosts: readonly string[];
  readonly onResponse: (answered: AnsweredRequest) => void;
  /** A fault of ours, which clients are not told. */
  readonly onFault: (error: unknown) => void;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** A request that was answered: nothing in it is secret. */
export interface AnsweredRequest {
  readonly method: string;
  /** The route as it is declared, with names for what varies; undefined where there is none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly milliseconds: number;
  readonly client: string | undefined;
}

const MAXIMUM_HEADER_BYTES = 16_384;
const CHECK_MS = 5000;

/** Creates the server for the routes of the API; it does not listen yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { limits } = options;
  const { fastify } = await import('fastify');
  const server = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleConnectionMs,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    http: {
      maxHeaderSize: MAXIMUM_HEADER_BYTES,
      headersTimeout: limits.requestMs,
      // Node.js looks for slow requests only so often.
      connectionsCheckingInterval: Math.min(limits.requestMs, CHECK_MS),
    },
    // `@pulumi/esc-sdk` asks for open//<session>.
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: 200 },
  });
  server.server.maxConnections = limits.connections;
  // Clients disagree about the types of what they send; each route knows what it takes.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  admit(server, options);
  server.setNotFoundHandler((_request, reply) => refuse(reply, new ServiceError(404, 'there is no such route')));
  server.setErrorHandler((error, _request, reply) => refuse(reply, toServiceError(error, options.onFault)));
  server.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, headers } = request;
    options.onResponse({
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      milliseconds: reply.elapsedTime,
      client: headers['user-agent'],
    });
  });
  closeConnectionsAtTheEnd(server);
  for (const route of ROUTES) addRoute(server, route, options);
  return server;
}

/** Lets in who knows the token and meant this service, before anything that they send is read. */
function admit(server: FastifyInstance, { token, allowedHosts }: ServerOptions): void {
  const tokens = new TokenCheck(token);
  server.addHook('onRequest', async ({ headers }) => {
    if (!isAllowedHost(headers.host, allowedHosts))
      throw new ServiceError(403, 'the request names a host that is not this service');
    if (!tokens.accepts(headers.authorization)) throw new ServiceError(401, 'the access token is missing or wrong');
  });
}

/**
 * Lets connections end with the server: those with a request under way when it is answered; those that never had one,
 * which Node.js would wait for, at once.
 */
function closeConnectionsAtTheEnd(server: FastifyInstance): void {
  let isClosing = false;
  const unused = new Set<Socket>();
  server.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.server.on('request', ({ socket }) => unused.delete(socket));
  server.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of unused) socket.destroy();
  });
  server.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
}

function addRoute(server: FastifyInstance, route: Route, options: ServerOptions): void {
  const { context, isReadOnly } = options;
  server.route({
    method: route.method,
    url: route.path,
    handler: async (request, reply) => {
      const params = request.params as Readonly<Record<string, string>>;
      if (params.organization !== undefined && params.organization !== context.organization)
        throw new ServiceError(
          404,
          `organization ${params.organization} not found: it is ${context.organization} here`,
        );
      if (route.writes && isReadOnly) throw new ServiceError(403, 'this service is read-only');
      const { status, type, headers, body } = await cancellable(reply, options, (signal) =>
        route.handle(
          {
            params,
            query: firstValues(request.query as Readonly<Record<string, string | string[]>>),
            headers: firstValues(request.headers),
            body: (request.body as Uint8Array | undefined) ?? new Uint8Array(),
            signal,
          },
          context,
        ),
      );
      reply.code(status).headers({ 'cache-control': 'no-store', ...headers });
      if (type !== undefined) reply.type(type);
      return reply.send(body);
    },
  });
}

/** Runs what answers a request until it is done, the client has gone, the service ends, or it takes too long. */
async function cancellable<T>(
  reply: FastifyReply,
  { limits, signal: ending }: ServerOptions,
  run: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = (): void => controller.abort(new ServiceError(503, 'the service ends'));
  const timer = setTimeout(
    () => controller.abort(new ServiceError(504, 'the environment takes too long to open')),
    limits.answerMs,
  );
  const leave = (): void => controller.abort(new ServiceError(503, 'the client has gone'));
  reply.raw.once('close', leave);
  ending.addEventListener('abort', end, { once: true });
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    reply.raw.removeListener('close', leave);
    ending.removeEventListener('abort', end);
  }
}

function firstValues(
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      const first = typeof value === 'string' ? value : value?.[0];
      return first === undefined || first === '' ? [] : [[key, first]];
    }),
  );
}

function refuse(reply: FastifyReply, { status, message, diagnostics = [] }: ServiceError): FastifyReply {
  const body = { code: status, message, ...diagnosticsPart(diagnostics) };
  return reply.code(status).type('application/json').header('cache-control', 'no-store').send(JSON.stringify(body));
}

/** What a client is told of an error: a fault of ours stays with us. */
function toServiceError(error: unknown, onFault: (error: unknown) => void): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof Failure) return new ServiceError(400, error.message);
  const { statusCode, message } = error as Error & { readonly statusCode?: number };
  // Fastify's own, as for a body that is too large.
  if (statusCode !== undefined && statusCode < 500) return new ServiceError(statusCode, message);
  onFault(error);
  return new ServiceError(500, 'internal error: see the log of the service');
}
