import { createHash, createPrivateKey, createPublicKey, createSign, type KeyObject, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ProviderExecutionContext } from 'esc-eval';
import { Failure } from '../../failures/failure';
import type { Environment } from '../../pulumi/environment';

/** A key of the workspace's owner, and the issuer that services know it by. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly issuer: string;
}

const LIFETIME_SECONDS = 300;
const PULUMI_ISSUER = /^https:\/\/api\.pulumi\.com(?:\/|$)/;

/**
 * Reads the key that requests are signed with: NX_ESC_SIGNING_KEY_FILE, an RSA key in PEM, for the issuer NX_ESC_ISSUER.
 * Undefined where none is set.
 *
 * @throws Failure config/option-invalid
 */
export async function readSigningKey(env: Environment): Promise<SigningKey | undefined> {
  const { NX_ESC_SIGNING_KEY_FILE: file, NX_ESC_ISSUER: issuer } = env;
  if (!file) return undefined;
  if (!issuer) throw invalid('NX_ESC_ISSUER is not set', 'set it to the issuer that the service expects');
  if (PULUMI_ISSUER.test(issuer)) throw invalid('NX_ESC_ISSUER is that of Pulumi Cloud', 'use an issuer of your own');
  try {
    const key = createPrivateKey(await readFile(file));
    if (key.asymmetricKeyType === 'rsa') return { key, issuer };
  } catch {
    // The same answer: neither the text nor the error of a key is for logs.
  }
  throw invalid(
    `NX_ESC_SIGNING_KEY_FILE (${file}) holds no RSA private key`,
    'make one: openssl genrsa -out key.pem 2048',
  );
}

export interface SignedRequest {
  readonly url: string;
  readonly body: string;
  readonly execution: ProviderExecutionContext;
  readonly organization: string | undefined;
}

/**
 * Signs a request with RS256. The claims are those that adapters for Pulumi ESC read, `body_hash` above all; issuer and
 * subject are our own, so that no adapter takes the token for one of Pulumi Cloud.
 */
export function signRequest(
  { key, issuer }: SigningKey,
  { url, body, execution, organization }: SignedRequest,
): string {
  const now = Math.floor(Date.now() / 1000);
  const { currentEnvironment, rootEnvironment } = execution;
  const header = { alg: 'RS256', typ: 'JWT', kid: keyIdOf(key) };
  const claims = {
    iss: issuer,
    sub: `nx-esc:environment:${rootEnvironment}`,
    aud: url,
    iat: now,
    exp: now + LIFETIME_SECONDS,
    jti: randomUUID(),
    org: organization,
    env: currentEnvironment,
    current_env: currentEnvironment,
    root_env: rootEnvironment,
    body_hash: `sha256-${createHash('sha256').update(body).digest('base64')}`,
  };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

/** The thumbprint of the public key (RFC 7638), as key sets commonly name their keys. */
function keyIdOf(key: KeyObject): string {
  const { e, kty, n } = createPublicKey(key).export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
}

function invalid(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'option-invalid', message, hint });
}
