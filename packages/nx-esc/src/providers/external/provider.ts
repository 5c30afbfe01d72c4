import { entriesOf, readJson, secret, writeJson } from 'esc-eval';
import { Failure } from '../../failures/failure';
import { networkErrorOf } from '../../network/network-error';
import { type HttpAnswer, request } from '../../network/request';
import { fetchCiToken } from '../oidc/provider';
import { textOf, revealedInput } from '../inputs';
import type { ProviderFactory, ProviderServices } from '../provider-context';
import { ProviderFailure, secretsFailure } from '../provider-failure';
import { boolean, object, schema } from '../schemas';
import { readSigningKey, signRequest } from './request-signer';

const INPUTS = schema(
  object({
    'url*': { type: 'string', pattern: '^https://' },
    request: { type: 'object', additionalProperties: true, default: {} },
    secret: { ...(boolean as object), default: true },
  }),
);
const OUTPUTS = schema(object({ 'response*': { type: 'object', additionalProperties: true } }));

/**
 * `fn::open::external`: asks a service of one's own. The request carries a JWT: one signed here with a key of the
 * workspace's owner, which holds the hash of the body, or else the OIDC token of the CI for that URL.
 */
export const createExternalProvider: ProviderFactory = ({ services }) => ({
  inputs: INPUTS,
  outputs: OUTPUTS,
  async open(inputs, execution, { signal }) {
    const url = textOf(inputs, 'url') ?? '';
    const body = writeJson((revealedInput(inputs, 'request') ?? new Map()) as Parameters<typeof writeJson>[0]);
    const isSecret = entriesOf(inputs).get('secret')?.value !== false;
    try {
      const key = await readSigningKey(services.env);
      const token =
        key === undefined
          ? (await fetchCiToken(services, url, signal)).reveal()
          : signRequest(key, { url, body, execution, organization: services.organization });
      services.onSecret(token);
      const response = responseOf(await post(url, body, token, { services, signal }), url);
      return { response: isSecret ? secret(response) : response };
    } catch (error) {
      if (error instanceof Failure) throw new ProviderFailure(error, entriesOf(inputs).get('url')?.trace.def);
      throw error;
    }
  },
});

async function post(
  url: string,
  body: string,
  token: string,
  { services, signal }: { readonly services: ProviderServices; readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  const { timeLimit } = services;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
  try {
    return await request({ url, method: 'POST', headers, body, signal, timeLimit });
  } catch (error) {
    signal.throwIfAborted();
    const network = networkErrorOf(error);
    if (network === undefined) throw error;
    throw secretsFailure('secret-store-unreachable', `${url} cannot be reached: ${network.message}`, {
      hint: network.fault === 'tls' ? 'give its certificate by NODE_EXTRA_CA_CERTS' : 'check the URL and the network',
      cause: error,
    });
  }
}

/** Only 200 with a JSON object is an answer. */
function responseOf({ status, text }: HttpAnswer, url: string): unknown {
  if (status === 401 || status === 403) {
    throw secretsFailure('secret-access-denied', `${url} answers ${status}: it does not accept the token`, {
      hint: 'check the issuer, the audience (the URL itself) and the key that the service expects',
    });
  }
  if (status !== 200)
    throw secretsFailure('external-failed', `${url} answers ${status}`, { hint: 'see the log of the service' });
  const response = parseObject(text);
  if (response === undefined)
    throw secretsFailure('external-failed', `${url} does not answer with a JSON object`, { hint: 'mend the service' });
  return response;
}

function parseObject(text: string): unknown {
  try {
    const value: unknown = readJson(text);
    return value instanceof Map ? value : undefined;
  } catch {
    return undefined;
  }
}
