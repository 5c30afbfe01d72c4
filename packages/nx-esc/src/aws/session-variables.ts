import type { Environment } from '../pulumi/environment';
import type { AwsSession } from './aws-session';
import { WITHOUT_AMBIENT } from './credentials-endpoint';

/** A session as the variables that every tool reads, and nothing of another one. It cannot be renewed. */
export function sessionVariables({ credentials }: AwsSession, region: string | undefined): Environment {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return {
    ...WITHOUT_AMBIENT,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: undefined,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    ...(expiration !== undefined && { AWS_CREDENTIAL_EXPIRATION: expiration.toISOString() }),
    ...regionVariables(region),
  };
}

/** The region as the variables that SDKs and older tools read. */
export function regionVariables(region: string | undefined): Environment {
  return region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}
