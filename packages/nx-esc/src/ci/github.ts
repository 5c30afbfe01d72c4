import { Failure } from '../failures/failure';
import { networkErrorOf } from '../network/network-error';
import { type HttpAnswer, jsonObjectOf, request } from '../network/request';
import { AWS_AUDIENCE, type Ci, type TokenRequest } from './ci';
import { acceptToken, permissionMissing, requestFailed } from './token-failures';

const NAME = 'GitHub Actions';
const PERMISSION_HINT =
  'add "permissions: { id-token: write, contents: read }" to the job; pull requests from forks never get it';
/** The runner gives both variables or none; nx-esc itself keeps one of them from its children. */
const WITHHELD_HINT =
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN is missing: where a command that nx-esc started is to have it, name it in "passVariables" of nx.json';

/** GitHub Actions gives a job with `id-token: write` an address to fetch tokens from. */
export const github: Ci = {
  name: NAME,
  awsAudience: AWS_AUDIENCE,
  detect: (env) => env.GITHUB_ACTIONS === 'true' || env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined,
  runId: (env) => env.GITHUB_RUN_ID,
  hasToken: (env) => Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN),
  async fetchToken({ env, audience, ...retry }: TokenRequest) {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
    if (!address || !bearer) throw permissionMissing(NAME, address ? WITHHELD_HINT : PERMISSION_HINT);
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined) throw requestFailed(NAME, 'ACTIONS_ID_TOKEN_REQUEST_URL is no URL');
    if (audience !== undefined) url.searchParams.set('audience', audience);
    try {
      const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
      return readToken(await request({ url, headers, ...retry }), audience);
    } catch (error) {
      if (error instanceof Failure) throw error;
      const network = networkErrorOf(error);
      throw network === undefined ? error : requestFailed(NAME, network);
    }
  },
};

function readToken({ status, text }: HttpAnswer, audience: string | undefined): ReturnType<typeof acceptToken> {
  if (status === 401 || status === 403)
    throw requestFailed(NAME, `its token endpoint answers ${status}`, PERMISSION_HINT);
  if (status !== 200) throw requestFailed(NAME, `its token endpoint answers ${status}`);
  const value = jsonObjectOf(text)?.value;
  if (typeof value !== 'string') throw requestFailed(NAME, 'the answer of its token endpoint is cut off or no JSON');
  return acceptToken(NAME, value, audience);
}
