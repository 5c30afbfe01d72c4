import { awsErrorName, awsMessage, isDenied } from '../../aws/aws-failure';
import type { Failure } from '../../failures/failure';
import { awsStoreFailureOf, secretsFailure } from '../provider-failure';
import type { SecretReference } from './secret-reference';

/** The secret is there and holds neither a text nor bytes. */
export class SecretEmpty extends Error {
  constructor() {
    super('the secret has no value');
  }
}

interface SecretPlace {
  readonly reference: SecretReference;
  readonly region: string;
  /** Who asked. */
  readonly who: string;
}

/** Says why a secret cannot be had. */
export function failureOfSecret(error: unknown, { reference, region, who }: SecretPlace): Failure {
  const { key, secretId } = reference;
  const what = `the secret "${secretId}" (${key}) in ${region}`;
  const name = awsErrorName(error);
  const options = { cause: error, details: [`AWS says: ${awsMessage(error)}`] };
  if (name === 'ResourceNotFound') {
    return secretsFailure('secret-not-found', `${what} does not exist`, {
      ...options,
      hint: `check its name and the region, or create it: aws secretsmanager create-secret --region ${region} --name ${secretId}`,
    });
  }
  if (name === 'DecryptionFailure' || (isDenied(error) && /kms/i.test(awsMessage(error)))) {
    return secretsFailure('kms-denied', `${what} cannot be decrypted by ${who}`, {
      ...options,
      hint: `allow the role kms:Decrypt on the key of the secret (kms:ViaService secretsmanager.${region}.amazonaws.com)`,
    });
  }
  if (isDenied(error)) {
    return secretsFailure('secret-access-denied', `${who} may not read ${what}`, {
      ...options,
      hint: `allow the role secretsmanager:GetSecretValue on ${arnPattern(secretId, region)}`,
    });
  }
  if (error instanceof SecretEmpty)
    return secretsFailure('secret-empty', `${what} has no value`, { cause: error, hint: 'put a value into it' });
  if (/^Invalid(?:Request|Parameter)$/.test(name)) {
    return secretsFailure('secret-unavailable', `${what} cannot be read`, {
      ...options,
      hint: 'it may be marked for deletion, or its version may not exist',
    });
  }
  return awsStoreFailureOf(error, { what, store: `AWS Secrets Manager in ${region}`, details: options.details });
}

/** What a policy must name: AWS appends six characters to the name of a secret. */
function arnPattern(secretId: string, region: string): string {
  if (secretId.startsWith('arn:')) return /-[A-Za-z0-9]{6}$/.test(secretId) ? secretId : `${secretId}-??????`;
  return `arn:aws:secretsmanager:${region}:<account>:secret:${secretId}-??????`;
}
