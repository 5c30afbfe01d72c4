import type { Ci } from './ci';
import { IdToken } from './id-token';
import { tokenOfCommand } from './token-command';
import { permissionMissing } from './token-failures';

const NAME = 'CircleCI';

/** CircleCI's token is for the organization's id; its command makes one for another audience. */
export const circleci: Ci = {
  name: NAME,
  awsAudience: undefined,
  detect: (env) => env.CIRCLECI === 'true',
  runId: (env) => env.CIRCLE_WORKFLOW_ID,
  hasToken: (env) => Boolean(env.CIRCLE_OIDC_TOKEN_V2),
  async fetchToken(request) {
    const { env, audience } = request;
    const token = IdToken.parse(env.CIRCLE_OIDC_TOKEN_V2 ?? '');
    if (token === undefined) throw permissionMissing(NAME, 'use a context in the job: jobs without one get no token');
    if (audience === undefined || token.claims.audiences.includes(audience)) return token;
    return tokenOfCommand(
      NAME,
      ['circleci', 'run', 'oidc', 'get', '--claims', JSON.stringify({ aud: audience })],
      request,
    );
  },
};
