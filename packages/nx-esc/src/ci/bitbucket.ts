import type { Ci } from './ci';
import { acceptToken, permissionMissing } from './token-failures';

const NAME = 'Bitbucket Pipelines';

/** Bitbucket's token is for the workspace: `ari:cloud:bitbucket::workspace/<id>`. */
export const bitbucket: Ci = {
  name: NAME,
  awsAudience: undefined,
  detect: (env) => env.BITBUCKET_BUILD_NUMBER !== undefined,
  runId: (env) => env.BITBUCKET_BUILD_NUMBER,
  hasToken: (env) => Boolean(env.BITBUCKET_STEP_OIDC_TOKEN),
  async fetchToken({ env, audience }) {
    const text = env.BITBUCKET_STEP_OIDC_TOKEN;
    if (!text) throw permissionMissing(NAME, 'add "oidc: true" to the step');
    return acceptToken(NAME, text, audience);
  },
};
