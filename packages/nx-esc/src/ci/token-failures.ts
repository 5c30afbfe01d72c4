import { Failure } from '../failures/failure';
import type { NetworkError } from '../network/network-error';
import { IdToken } from './id-token';

/** The job may not have a token, or none was asked for in the definition of the pipeline. */
export function permissionMissing(ci: string, hint: string): Failure {
  return new Failure({
    class: 'identity',
    code: 'oidc-permission-missing',
    message: `this job of ${ci} has no OIDC token`,
    hint,
  });
}

/** The CI could not, or would not, give a token. */
export function requestFailed(ci: string, reason: string | NetworkError, hint?: string): Failure {
  return new Failure({
    class: 'identity',
    code: 'oidc-request-failed',
    message: `${ci} gives no OIDC token: ${typeof reason === 'string' ? reason : reason.message}`,
    hint: hint ?? 'try again; if it lasts, see the status page of the CI',
  });
}

/**
 * Takes what a CI gave for a token that is meant for an audience.
 *
 * @throws Failure identity/oidc-request-failed for what is no token, identity/oidc-audience-mismatch
 */
export function acceptToken(ci: string, text: string, audience: string | undefined): IdToken {
  const token = IdToken.parse(text);
  if (token === undefined) throw requestFailed(ci, 'its answer is not a token');
  const { audiences } = token.claims;
  if (audience !== undefined && !audiences.includes(audience)) throw audienceMismatch(ci, audience, audiences);
  return token;
}

/** The token is for somebody else. */
export function audienceMismatch(ci: string, audience: string, audiences: readonly string[]): Failure {
  return new Failure({
    class: 'identity',
    code: 'oidc-audience-mismatch',
    message: `the OIDC token of ${ci} is for ${list(audiences)}, not for ${JSON.stringify(audience)}`,
    hint: 'ask for that audience in the definition of the pipeline, or name the audience of the token in "audience" of nx.json',
  });
}

function list(audiences: readonly string[]): string {
  return audiences.length === 0 ? 'nobody' : audiences.map((audience) => JSON.stringify(audience)).join(' and ');
}
