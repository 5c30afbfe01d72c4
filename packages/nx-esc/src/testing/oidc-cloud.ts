import { createSign, createVerify, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the token exchange does instead of what is right. */
export type ExchangeFault = 'denies' | 'unavailable' | 'truncated' | 'hanging' | 'gives-another-token';

const REQUEST = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  requested_token_type: 'urn:pulumi:token-type:access_token:organization',
};

/**
 * The token endpoint of GitHub Actions, and a Pulumi Cloud that exchanges its tokens as RFC 8693 says and accepts what it
 * gave; all else is asked of a service. Wrong requests are answered as such: a client that sends them gets nowhere.
 */
export class OidcCloud {
  fault: ExchangeFault | undefined;
  /** Tokens that were issued and given. */
  readonly tokens: string[] = [];
  readonly #keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
  });
  readonly #bearer = randomBytes(16).toString('hex');
  readonly #accessToken = `pul-${randomBytes(20).toString('hex')}`;
  readonly #server: Server;

  private constructor(readonly service: { readonly url: string; readonly token: string }) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(service: { readonly url: string; readonly token: string }): Promise<OidcCloud> {
    const cloud = new OidcCloud(service);
    await once(cloud.#server.listen(0, '127.0.0.1'), 'listening');
    return cloud;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Variables of a job that may ask for tokens. */
  get jobVariables(): NodeJS.ProcessEnv {
    return {
      GITHUB_ACTIONS: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/id-token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.#bearer,
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    if (pathname === '/id-token') return this.#issue(request, response, searchParams.get('audience'));
    if (pathname === '/api/oauth/token') return this.#exchange(request, response, body.toString());
    return this.#pass(request, response, body);
  }

  #issue({ headers }: IncomingMessage, response: ServerResponse, audience: string | null): void {
    if (headers.authorization !== `Bearer ${this.#bearer}`) return reply(response, 401, { message: 'no bearer' });
    const part = (data: object): string => Buffer.from(JSON.stringify(data)).toString('base64url');
    const claims = { iss: this.url, sub: 'repo:acme/shop:ref:refs/heads/main', aud: audience, exp: seconds() + 300 };
    const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
    const value = `${signed}.${createSign('RSA-SHA256').update(signed).sign(this.#keys.privateKey, 'base64url')}`;
    this.tokens.push(value);
    reply(response, 200, { value });
  }

  #exchange({ method, headers }: IncomingMessage, response: ServerResponse, body: string): void {
    const wrong = this.#faultOf(method, headers, new URLSearchParams(body));
    if (wrong !== undefined) return reply(response, 400, { error: 'invalid_request', error_description: wrong });
    switch (this.fault) {
      case 'denies':
        return reply(response, 403, { error: 'invalid_grant', error_description: 'no policy matches the subject' });
      case 'unavailable':
        return reply(response, 503, { message: 'try again' });
      case 'hanging':
        return;
      case 'truncated':
        response.writeHead(200, { 'content-length': '400' });
        return void response.write('{"access_token":"pul-', () => response.destroy());
      default:
    }
    const accessToken = this.fault === undefined ? this.#accessToken : `pul-${randomBytes(20).toString('hex')}`;
    this.tokens.push(accessToken);
    reply(response, 200, {
      access_token: accessToken,
      issued_token_type: REQUEST.requested_token_type,
      token_type: 'token',
      expires_in: 7200,
    });
  }

  #faultOf(method: string | undefined, headers: IncomingMessage['headers'], form: URLSearchParams): string | undefined {
    if (method !== 'POST') return 'not a POST';
    if (headers['content-type'] !== 'application/x-www-form-urlencoded') return 'not a form';
    if (headers.authorization !== undefined) return 'a token is exchanged by those who have none';
    for (const [name, value] of Object.entries(REQUEST))
      if (form.getAll(name).join() !== value) return `${name} is ${form.get(name)}`;
    if (form.get('expiration') !== '7200') return `expiration is ${form.get('expiration')}`;
    const [header, claims = '', signature = ''] = (form.get('subject_token') ?? '').split('.');
    const isSigned = createVerify('RSA-SHA256')
      .update(`${header}.${claims}`)
      .verify(this.#keys.publicKey, signature, 'base64url');
    if (!isSigned) return 'the subject token has no valid signature';
    const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string; exp: number };
    if (exp < seconds()) return 'the subject token has expired';
    if (aud !== 'urn:pulumi:org:acme') return `the subject token is for ${aud}`;
    return form.get('audience') === aud ? undefined : `audience is ${form.get('audience')}`;
  }

  async #pass({ method, url, headers }: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    if (headers.authorization !== `token ${this.#accessToken}`)
      return reply(response, 401, { code: 401, message: 'no' });
    const { host: _, connection: __, ...passed } = headers;
    const answer = await fetch(`${this.service.url}${url}`, {
      method: method as string,
      headers: { ...(passed as Record<string, string>), authorization: `token ${this.service.token}` },
      ...(body.length > 0 && { body }),
    });
    const { status, headers: answered } = answer;
    const kept = [...answered].filter(
      ([name]) => !/^(?:connection|keep-alive|content-(?:encoding|length))$/.test(name),
    );
    response.writeHead(status, Object.fromEntries(kept)).end(Buffer.from(await answer.arrayBuffer()));
  }
}

function reply(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
