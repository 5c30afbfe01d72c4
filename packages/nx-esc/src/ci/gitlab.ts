import type { Environment } from '../pulumi/environment';
import { AWS_AUDIENCE, type Ci } from './ci';
import { IdToken } from './id-token';
import { audienceMismatch, permissionMissing } from './token-failures';

const NAME = 'GitLab CI';
const VARIABLE = /(?:^|_)(?:ID|OIDC)_TOKEN(?:_|$)/;

/** GitLab puts tokens into variables that `id_tokens:` of the job names, each with an audience of its own. */
export const gitlab: Ci = {
  name: NAME,
  awsAudience: AWS_AUDIENCE,
  detect: (env) => env.GITLAB_CI === 'true',
  runId: (env) => env.CI_PIPELINE_ID,
  hasToken: (env) => tokensIn(env).length > 0,
  async fetchToken({ env, audience = AWS_AUDIENCE }) {
    const tokens = tokensIn(env);
    const found = tokens.find(({ claims }) => claims.audiences.includes(audience));
    if (found !== undefined) return found;
    if (tokens.length > 0) {
      throw audienceMismatch(
        NAME,
        audience,
        tokens.flatMap(({ claims }) => claims.audiences),
      );
    }
    throw permissionMissing(NAME, `add "id_tokens: { NX_ESC_ID_TOKEN: { aud: ${audience} } }" to the job`);
  },
};

function tokensIn(env: Environment): IdToken[] {
  return Object.keys(env)
    .filter((name) => VARIABLE.test(name))
    .sort()
    .flatMap((name) => IdToken.parse(env[name] ?? '') ?? []);
}
