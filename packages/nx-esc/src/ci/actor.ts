import { hostname, userInfo } from 'node:os';
import type { Environment } from '../pulumi/environment';

/** Who runs this: the user and host, and the run of the CI with who started it. */
export interface CurrentActor {
  readonly user: string;
  readonly ci?: string;
  readonly triggeredBy?: string;
  readonly run?: string;
}

interface Ci {
  readonly name: string;
  readonly marker: string;
  readonly triggeredBy: (env: Environment) => string | undefined;
  readonly run: (env: Environment) => string | undefined;
}

const CIS: readonly Ci[] = [
  {
    name: 'github-actions',
    marker: 'GITHUB_ACTIONS',
    triggeredBy: (env) => env.GITHUB_TRIGGERING_ACTOR ?? env.GITHUB_ACTOR,
    run: ({
      GITHUB_SERVER_URL: server,
      GITHUB_REPOSITORY: repository,
      GITHUB_RUN_ID: id,
      GITHUB_RUN_ATTEMPT: attempt,
    }) => server && repository && id && `${server}/${repository}/actions/runs/${id}/attempts/${attempt ?? '1'}`,
  },
  { name: 'gitlab', marker: 'GITLAB_CI', triggeredBy: (env) => env.GITLAB_USER_LOGIN, run: (env) => env.CI_JOB_URL },
  {
    name: 'circleci',
    marker: 'CIRCLECI',
    triggeredBy: (env) => env.CIRCLE_USERNAME,
    run: (env) => env.CIRCLE_BUILD_URL,
  },
  {
    name: 'buildkite',
    marker: 'BUILDKITE',
    triggeredBy: (env) => env.BUILDKITE_BUILD_CREATOR,
    run: (env) => env.BUILDKITE_BUILD_URL,
  },
  {
    name: 'bitbucket',
    marker: 'BITBUCKET_BUILD_NUMBER',
    triggeredBy: (env) => env.BITBUCKET_STEP_TRIGGERER_UUID,
    run: (env) => env.BITBUCKET_BUILD_NUMBER,
  },
];

export function currentActor(env: Environment): CurrentActor {
  const user = `${userName(env)}@${hostname()}`;
  const ci = CIS.find(({ marker }) => Boolean(env[marker]));
  if (ci === undefined) return { user };
  const triggeredBy = ci.triggeredBy(env);
  const run = ci.run(env);
  return { user, ci: ci.name, ...(triggeredBy && { triggeredBy }), ...(run && { run }) };
}

function userName(env: Environment): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return env.USER ?? String(process.getuid?.() ?? 'unknown');
  }
}
