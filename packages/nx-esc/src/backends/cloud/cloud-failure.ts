import { Failure } from '../../failures/failure';
import type { HttpAnswer } from '../../network/request';
import { type ApiDiagnostic, diagnosticsOf, readFields, textOf } from './api-values';

/** A definition in which the service finds errors. */
export class DefinitionError extends Error {
  constructor(
    message: string,
    readonly diagnostics: readonly ApiDiagnostic[],
  ) {
    super(message);
  }
}

export interface Expectation {
  readonly url: string;
  /** What was asked about, such as `acme/api/staging`. */
  readonly what: string;
  /** Statuses that are no failure here. */
  readonly accepts?: (status: number) => boolean;
}

/**
 * Answers what is a success.
 *
 * @throws DefinitionError where the service has diagnostics, Failure for everything else
 */
export function expectSuccess(answer: HttpAnswer, { url, what, accepts }: Expectation): HttpAnswer {
  const { status, text } = answer;
  if ((status >= 200 && status < 300) || accepts?.(status) === true) return answer;
  const fields = readFields(text);
  const said = textOf(fields?.get('message')) ?? '';
  const diagnostics = fields === undefined ? [] : diagnosticsOf(fields);
  if (status === 400 && diagnostics.length > 0) throw new DefinitionError(said, diagnostics);
  throw failureOfStatus(status, { url, what, said: said === '' ? '' : `: ${said}` });
}

/** A failure for an answer that is none of the ESC API, such as the page of a proxy. */
export function unintelligible(url: string): Failure {
  return new Failure({
    class: 'identity',
    code: 'pulumi-cloud-unreachable',
    message: `${url} does not answer as the API of Pulumi ESC does`,
    hint: 'check the URL of the service, its prefix included',
  });
}

function failureOfStatus(
  status: number,
  { url, what, said }: { readonly url: string; readonly what: string; readonly said: string },
): Failure {
  switch (true) {
    case status === 401:
      return new Failure({
        class: 'identity',
        code: 'pulumi-token-rejected',
        message: `${url} does not accept the access token${said}`,
        hint: `log in again: pulumi login ${url}; a PULUMI_ACCESS_TOKEN that is set goes before that`,
      });
    case status === 403:
      return new Failure({
        class: 'identity',
        code: 'pulumi-access-denied',
        message: `${url} refuses access to ${what}${said}`,
        hint: 'ask those who own it for the permission',
      });
    case status === 404:
      return new Failure({
        class: 'config',
        code: 'environment-not-found',
        message: `there is no environment ${what} at ${url}${said}`,
        hint: 'pulumi env ls shows those there are',
      });
    case status === 409:
      return new Failure({
        class: 'config',
        code: 'remote-changed',
        message: `${what} was changed at ${url} meanwhile${said}`,
        hint: 'nothing was overwritten: look at what is there, and try again',
      });
    case status === 429:
      return new Failure({
        class: 'identity',
        code: 'pulumi-cloud-throttled',
        message: `${url} refuses more requests for now${said}`,
        hint: 'run it again in a minute',
      });
    case status >= 500:
      return new Failure({
        class: 'identity',
        code: 'pulumi-cloud-unreachable',
        message: `${url} cannot be reached: it answers ${status}${said}`,
        hint: 'run it again; see the status page of the service',
      });
    default:
      return new Failure({
        class: 'config',
        code: 'request-refused',
        message: `${url} answers ${status} for ${what}${said}`,
        hint: 'check the name and the URL of the service',
      });
  }
}
