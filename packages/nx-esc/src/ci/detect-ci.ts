import type { Environment } from '../pulumi/environment';
import { bitbucket } from './bitbucket';
import { buildkite } from './buildkite';
import type { Ci } from './ci';
import { circleci } from './circleci';
import { github } from './github';
import { gitlab } from './gitlab';
import { tokenFile } from './token-file';

/** In the order in which they are asked: a token file may be there beside any of the others. */
const KNOWN: readonly Ci[] = [github, gitlab, circleci, buildkite, bitbucket, tokenFile];

/**
 * The CI whose job this process is; undefined outside of one. A CI that gives this job no token leaves it to a token
 * file, where there is one.
 */
export function detectCi(env: Environment): Ci | undefined {
  const detected = KNOWN.filter((ci) => ci.detect(env));
  return detected.find((ci) => ci.hasToken(env)) ?? detected[0];
}
