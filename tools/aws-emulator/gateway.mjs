import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { answerWithFault, Faults, sendError } from './faults.mjs';
import { Iam, isAllowed, permissionsFor } from './iam.mjs';
import { isTrusted } from './trust-policy.mjs';

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

/**
 * The front of one world of the emulator: the token endpoint of the CI, and AWS. Before STS it verifies what moto does
 * not: the token's signature, times and audience, the subject against the role's trust policy, and the rule for names of
 * sessions. Roles may do what the world says they may, or with `iam: true` what moto's IAM was told of them, down to the
 * single secret. Everything else goes to moto.
 *
 * `world`: `{subject, audiences, roles: {name: {trust, allow: ['service:Action', …]}}, faults, tls, tokenLifetime, sessionSeconds}`.
 */
export class Gateway {
  static async start(world, { moto, issuer, certificate }) {
    const gateway = new Gateway(world, moto, issuer);
    const listener = (request, response) => void gateway.handle(request, response);
    gateway.server = world.tls ? createHttpsServer(certificate, listener) : createHttpServer(listener);
    await new Promise((resolve, reject) => {
      gateway.server.once('error', reject);
      gateway.server.listen(0, '127.0.0.1', resolve);
    });
    gateway.url = `${world.tls ? 'https' : 'http'}://127.0.0.1:${gateway.server.address().port}`;
    return gateway;
  }

  constructor(world, moto, issuer) {
    this.world = world;
    this.moto = moto;
    this.issuer = issuer;
    this.faults = new Faults(world.faults);
    this.calls = [];
    this.roleByKey = new Map();
    this.iam = world.iam ? new Iam(moto) : undefined;
  }

  roleNamed(name) {
    return this.iam === undefined ? this.world.roles[name] : this.iam.role(name);
  }

  /** What a job of the CI, or a machine with the SDK, has in its environment. */
  get env() {
    return {
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '4711',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-of-the-job',
      AWS_ENDPOINT_URL: this.url,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  async handle(request, response) {
    try {
      const url = new URL(request.url, this.url);
      if (url.pathname === '/token') return await this.answerToken(url, request, response);
      const body = await readBody(request);
      const call = describeCall(request, body);
      const session = this.roleByKey.get(call.accessKeyId);
      this.calls.push({ service: call.service, action: call.action, session: session?.arn });
      const fault = this.faults.take(call.service, call.action);
      if (fault !== undefined) return answerWithFault(fault, call.service, request, response);
      const refusal = await this.refusalOf(call, session);
      if (refusal !== undefined) return sendError(response, call.service, refusal);
      await this.forward(request, response, body, call);
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String(error?.stack ?? error));
    }
  }

  async answerToken(url, request, response) {
    this.calls.push({ service: 'token', action: url.searchParams.get('audience') });
    const fault = this.faults.take('token');
    if (fault !== undefined) return answerWithFault(fault, 'token', request, response);
    if (request.headers.authorization !== 'Bearer bearer-of-the-job') {
      response.writeHead(401).end('{}');
      return;
    }
    const token = await this.issuer.issue({
      subject: this.world.subject,
      audience: url.searchParams.get('audience') ?? 'https://github.com/acme',
      lifetimeSeconds: this.world.tokenLifetime ?? 300,
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ count: token.length, value: token }));
  }

  /** Why AWS would refuse a call; undefined where it would not. */
  async refusalOf(call, session) {
    if (call.service === 'sts' && call.action === 'AssumeRoleWithWebIdentity') return this.refusalOfToken(call.form);
    if (session === undefined || (call.service === 'sts' && call.action === 'GetCallerIdentity')) return undefined;
    const { allow: allowed, policies } = await this.roleNamed(session.role);
    // What a session may do is what its role may, and its own policy too.
    const layers = [policies, session.policies].filter((layer) => layer !== undefined);
    const name = `${call.service}:${call.action}`;
    const isPermitted =
      policies === undefined
        ? allowed === undefined || allowed.some((action) => action === name || action === `${call.service}:*`)
        : layers.every((layer) =>
            permissionsFor(call, session.account).every((permission) => isAllowed(layer, ...permission)),
          );
    if (isPermitted) return undefined;
    const message = `User: ${session.arn} is not authorized to perform: ${name} on resource: ${call.resource ?? '*'}`;
    return { status: 400, code: 'AccessDeniedException', message };
  }

  async refusalOfToken(form) {
    const denied = {
      status: 403,
      code: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    };
    if (form.has('PolicyArns.member.1.arn') && this.iam !== undefined)
      throw new Error('managed session policies are not emulated');
    const sessionName = form.get('RoleSessionName') ?? '';
    if (!SESSION_NAME.test(sessionName))
      return {
        code: 'ValidationError',
        message: `Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint`,
      };
    const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(form.get('RoleArn') ?? '') ?? [];
    const role = await this.roleNamed(name);
    if (role === undefined) return denied;
    if (Number(form.get('DurationSeconds')) > (role.maxSessionSeconds ?? 43_200)) {
      const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
      return { code: 'ValidationError', message };
    }
    let claims;
    try {
      claims = await this.issuer.verify(form.get('WebIdentityToken') ?? '');
    } catch (error) {
      if (error.code === 'ERR_JWT_EXPIRED')
        return {
          code: 'ExpiredTokenException',
          message:
            'Token expired: the current date/time must be before the expiration date/time specified in the token',
        };
      return {
        code: 'InvalidIdentityToken',
        message: "Couldn't retrieve verification key from your identity provider",
      };
    }
    const provider = `arn:aws:iam::${account}:oidc-provider/${claims.iss.replace(/^https?:\/\//, '')}`;
    const audiences = this.iam === undefined ? this.world.audiences : await this.iam.audiencesOf(provider);
    if (![claims.aud].flat().some((audience) => audiences.includes(audience)))
      return { code: 'InvalidIdentityToken', message: 'Incorrect token audience' };
    return isTrusted(role.trust, { provider, claims }) ? undefined : denied;
  }

  forward(request, response, body, call) {
    const target = new URL(this.moto);
    return new Promise((resolve, reject) => {
      const options = {
        host: target.hostname,
        port: target.port,
        method: request.method,
        path: request.url,
        headers: { ...request.headers, host: request.headers.host },
      };
      const upstream = httpRequest(options, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => {
          const text = this.shorten(call, Buffer.concat(chunks));
          this.remember(call, text.toString());
          const headers = { ...answer.headers };
          delete headers['transfer-encoding'];
          if (request.method !== 'HEAD') headers['content-length'] = String(text.length);
          response.writeHead(answer.statusCode, headers);
          response.end(request.method === 'HEAD' ? undefined : text);
          resolve();
        });
      });
      upstream.once('error', reject);
      upstream.end(body);
    });
  }

  /** Lets sessions end sooner than STS allows, so that a test need not wait. */
  shorten(call, answer) {
    const { sessionSeconds } = this.world;
    if (call.service !== 'sts' || sessionSeconds === undefined) return answer;
    const end = new Date(Date.now() + sessionSeconds * 1000).toISOString();
    return Buffer.from(answer.toString().replace(/<Expiration>[^<]*</, `<Expiration>${end}<`));
  }

  /** Remembers whose the keys are that STS gives out. */
  remember(call, answer) {
    if (call.service !== 'sts' || !/^AssumeRole/.test(call.action)) return;
    const key = /<AccessKeyId>([^<]+)</.exec(answer)?.[1];
    const arn = /<Arn>([^<]+)</.exec(answer)?.[1];
    const [, , , , account, path = ''] = (call.form.get('RoleArn') ?? '').split(':');
    const role = path.split('/').at(-1);
    const isKnown = this.iam !== undefined || this.world.roles[role] !== undefined;
    const policy = call.form.get('Policy');
    const policies = policy === null ? undefined : [JSON.parse(policy)];
    if (key !== undefined && isKnown) this.roleByKey.set(key, { arn, role, account, policies });
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Service, action and caller of a request to AWS, as its headers and body tell. */
function describeCall(request, body) {
  const [, accessKeyId, region, service] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? '') ?? [];
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const input = JSON.parse(body.toString() || '{}');
    const resource = input.SecretId ?? input.SecretIdList?.join(',') ?? input.Names?.join(',');
    return { accessKeyId, service: service ?? 'unknown', action: target.split('.').at(-1), resource, region, input };
  }
  const isForm = /x-www-form-urlencoded/.test(request.headers['content-type'] ?? '');
  const form = new URLSearchParams(isForm ? body.toString() : '');
  return { accessKeyId, service: service ?? 'sts', action: form.get('Action') ?? request.method, form };
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
