import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsSession, RenewedSession } from './aws-session';

/** Keys of whoever runs us, which every SDK would prefer to the endpoint. */
const SUPERSEDED = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
];

/** Variables that a session's variables take the place of, set to nothing. */
export const WITHOUT_AMBIENT: Readonly<Record<string, undefined>> = Object.fromEntries(
  SUPERSEDED.map((name) => [name, undefined]),
);

/**
 * Serves the credentials of a session on the loopback interface, as containers get theirs: every AWS SDK fetches them
 * there, and again before they end, so that a long deployment outlives its first session. Nothing is on the disk, and
 * only who has the token in the child's environment gets an answer.
 */
export class CredentialsEndpoint {
  readonly #token = randomBytes(32).toString('base64url');
  readonly #server: Server;

  private constructor(session: RenewedSession) {
    this.#server = createServer((request, response) => void this.#answer(session, request, response));
  }

  static async start(session: RenewedSession, onSecret: (secret: string) => void): Promise<CredentialsEndpoint> {
    const endpoint = new CredentialsEndpoint(session);
    onSecret(endpoint.#token);
    await new Promise<void>((resolve, reject) => {
      endpoint.#server.once('error', reject);
      endpoint.#server.listen(0, '127.0.0.1', resolve);
    });
    endpoint.#server.unref();
    return endpoint;
  }

  /** What a child needs to find it. */
  get variables(): Readonly<Record<string, string | undefined>> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      ...WITHOUT_AMBIENT,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: this.#token,
    };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(session: RenewedSession, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isSame(request.headers.authorization ?? '', this.#token)) return send(response, 401, error('Unauthorized'));
    if (request.method !== 'GET' || request.url !== '/credentials') return send(response, 404, error('NotFound'));
    try {
      send(response, 200, render(await session.get()));
    } catch {
      // The reason stays here: the child only learns that there are no credentials.
      send(response, 500, error('SessionUnavailable'));
    }
  }
}

/** The form of the container credentials of ECS; without an end they are taken as lasting. */
function render({ credentials }: AwsSession): object {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken ?? '',
    ...(expiration !== undefined && { Expiration: expiration.toISOString().replace(/\.\d+Z$/, 'Z') }),
  };
}

function error(code: string): object {
  return { code, message: 'nx-esc has no credentials to give' };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
