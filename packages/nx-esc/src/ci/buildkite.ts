import { AWS_AUDIENCE, type Ci } from './ci';
import { tokenOfCommand } from './token-command';

const NAME = 'Buildkite';

/** Buildkite's agent asks for tokens. */
export const buildkite: Ci = {
  name: NAME,
  awsAudience: AWS_AUDIENCE,
  detect: (env) => env.BUILDKITE === 'true',
  runId: (env) => env.BUILDKITE_BUILD_NUMBER,
  hasToken: (env) => Boolean(env.BUILDKITE_AGENT_ACCESS_TOKEN ?? env.BUILDKITE_JOB_ID),
  fetchToken: (request) =>
    tokenOfCommand(
      NAME,
      [
        'buildkite-agent',
        'oidc',
        'request-token',
        ...(request.audience === undefined ? [] : ['--audience', request.audience]),
      ],
      request,
    ),
};
