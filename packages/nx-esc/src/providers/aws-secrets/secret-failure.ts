import {
  awsErrorName,
  awsMessage,
  identityFailureOf,
  isDenied,
  isThrottled,
  unreachableFailureOf,
} from '../../aws/aws-failure';
import type { Failure } from '../../failures/failure';
import { secretsFailure } from '../provider-failure';
import type { SecretReference } from './secret-reference';

/** An error of the SDK, or what a batch says of one secret. */
export type SecretError = unknown;

interface SecretPlace {
  readonly reference: SecretReference;
  readonly region: string;
  /** Who asked. */
  readonly who: string;
}

/** Says why a secret cannot be had. */
export function failureOfSecret(error: SecretError, { reference, region, who }: SecretPlace): Failure {
  const { key, secretId } = reference;
  const what = `the secret "${secretId}" (${key}) in ${region}`;
  const name = nameOf(error);
  const message = messageOf(error);
  const options = { cause: error, details: [`AWS says: ${message.replace(/\s+/g, ' ')}`] };
  if (name === 'ResourceNotFound') {
    return secretsFailure('secret-not-found', `${what} does not exist`, {
      ...options,
      hint: `check its name and the region, or create it: aws secretsmanager create-secret --region ${region} --name ${secretId}`,
    });
  }
  if (isKmsDenial(name, message)) {
    return secretsFailure('kms-denied', `${what} cannot be decrypted by ${who}`, {
      ...options,
      hint: `allow the role kms:Decrypt on the key of the secret (kms:ViaService secretsmanager.${region}.amazonaws.com)`,
    });
  }
  if (name === 'AccessDenied' || isDenied(error)) {
    return secretsFailure('secret-access-denied', `${who} may not read ${what}`, {
      ...options,
      hint: `allow the role secretsmanager:GetSecretValue on ${arnPattern(secretId, region)}`,
    });
  }
  if (/^Throttling|^TooManyRequests/.test(name) || isThrottled(error)) {
    return secretsFailure('secret-throttled', `${what}: AWS is asked too often`, {
      ...options,
      hint: 'try again in a minute',
    });
  }
  if (name === 'Empty') {
    return secretsFailure('secret-empty', `${what} has no value`, {
      ...options,
      details: [],
      hint: 'put a value into it',
    });
  }
  if (/^Invalid(?:Request|Parameter)$/.test(name)) {
    return secretsFailure('secret-unavailable', `${what} cannot be read`, {
      ...options,
      hint: 'it may be marked for deletion, or its version may not exist',
    });
  }
  const unreachable = {
    failureClass: 'secrets',
    code: 'secret-store-unreachable',
    what: `AWS Secrets Manager in ${region}`,
  } as const;
  return (
    identityFailureOf(error, what) ??
    unreachableFailureOf(error, unreachable) ??
    secretsFailure('secret-unavailable', `${what} cannot be read`, { ...options, hint: 'see what AWS says above' })
  );
}

function isKmsDenial(name: string, message: string): boolean {
  return name === 'DecryptionFailure' || (name === 'AccessDenied' && /kms/i.test(message));
}

function nameOf(error: SecretError): string {
  if (error instanceof Error) return awsErrorName(error);
  return String((error as { readonly name?: unknown }).name ?? '').replace(/(?:Exception|Error)$/, '');
}

function messageOf(error: SecretError): string {
  return error instanceof Error ? awsMessage(error) : String((error as { readonly message?: unknown }).message ?? '');
}

/** What a policy must name: AWS appends six characters to the name of a secret. */
function arnPattern(secretId: string, region: string): string {
  if (secretId.startsWith('arn:')) return /-[A-Za-z0-9]{6}$/.test(secretId) ? secretId : `${secretId}-??????`;
  return `arn:aws:secretsmanager:${region}:<account>:secret:${secretId}-??????`;
}
