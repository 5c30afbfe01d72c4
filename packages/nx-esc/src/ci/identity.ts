import type { Environment } from '../pulumi/environment';

/** Says which identity a deployment runs with: for now the ambient one, by the variables that name it. */
export function describeIdentity(env: Environment): string {
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE !== undefined)
    return `ambient: web identity token, role ${env.AWS_ROLE_ARN ?? 'unknown'}`;
  if (env.AWS_ACCESS_KEY_ID !== undefined) {
    return env.AWS_SESSION_TOKEN === undefined ? 'ambient: static AWS access key' : 'ambient: AWS session';
  }
  if (env.AWS_PROFILE !== undefined) return `ambient: AWS profile ${env.AWS_PROFILE}`;
  return 'ambient: no AWS credentials in the environment';
}
