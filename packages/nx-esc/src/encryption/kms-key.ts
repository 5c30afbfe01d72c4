import type { KMSClient } from '@aws-sdk/client-kms';
import { Failure, type FailureCode } from '../failures/failure';
import type { Age, Identity, Recipient } from './age';

const STANZA = 'nx-esc/aws-kms';

/** What a call of KMS is bound to, and what CloudTrail shows of it. */
export interface KmsContext {
  readonly group: string;
  readonly publicKey: string;
}

/** A recipient of an age file whose key never leaves AWS KMS (`kms:Encrypt`). */
export function createKmsRecipient(age: Age, arn: string, context: KmsContext, signal?: AbortSignal): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const { EncryptCommand } = await import('@aws-sdk/client-kms');
      const command = new EncryptCommand({ KeyId: arn, Plaintext: fileKey, EncryptionContext: contextOf(context) });
      const { CiphertextBlob } = await call(arn, 'kms:Encrypt', (client) =>
        client.send(command, signal && { abortSignal: signal }),
      );
      return [new age.Stanza([STANZA, arn], CiphertextBlob as Uint8Array)];
    },
  };
}

/** Opens age files that have a KMS key among their recipients (`kms:Decrypt`). */
export function createKmsIdentity(context: KmsContext, signal?: AbortSignal): Identity {
  return {
    async unwrapFileKey(stanzas) {
      let failure: unknown;
      for (const { args, body } of stanzas) {
        const [type, arn] = args;
        if (type !== STANZA || arn === undefined) continue;
        try {
          return await decrypt(arn, body, context, signal);
        } catch (error) {
          failure ??= error;
        }
      }
      if (failure !== undefined) throw failure;
      return null;
    },
  };
}

async function decrypt(arn: string, body: Uint8Array, context: KmsContext, signal?: AbortSignal): Promise<Uint8Array> {
  const { DecryptCommand } = await import('@aws-sdk/client-kms');
  const command = new DecryptCommand({ KeyId: arn, CiphertextBlob: body, EncryptionContext: contextOf(context) });
  const { Plaintext } = await call(arn, 'kms:Decrypt', (client) =>
    client.send(command, signal && { abortSignal: signal }),
  );
  return Plaintext as Uint8Array;
}

function contextOf({ group, publicKey }: KmsContext): Record<string, string> {
  return { 'nx-esc-group': group, 'nx-esc-key': publicKey };
}

async function call<T>(arn: string, action: string, send: (client: KMSClient) => Promise<T>): Promise<T> {
  const { KMSClient: Client } = await import('@aws-sdk/client-kms');
  const client = new Client({
    region: arn.split(':')[3] as string,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000 },
  });
  try {
    return await send(client);
  } catch (error) {
    throw failureOf(error as Error, arn, action);
  } finally {
    client.destroy();
  }
}

function failureOf(error: Error, arn: string, action: string): Failure {
  const { name } = error;
  const fail = (failureClass: 'secrets' | 'identity', code: FailureCode, message: string, hint: string): Failure =>
    new Failure({ class: failureClass, code, message, hint }, { cause: error });
  if (/AccessDenied|NotAuthorized/i.test(name))
    return fail(
      'secrets',
      'kms-denied',
      `AWS KMS denies ${action} on ${arn}`,
      `allow ${action} on that key to the role`,
    );
  if (/CredentialsProvider|TokenProvider/.test(name))
    return fail('identity', 'no-credentials', `there are no AWS credentials for ${arn}`, 'log in: aws sso login');
  if (/ExpiredToken/.test(name))
    return fail('identity', 'sts-token-expired', 'the AWS session has expired', 'log in again');
  if (/Throttling|LimitExceeded|TooManyRequests/.test(name))
    return fail('secrets', 'secret-throttled', `AWS KMS throttles calls of ${arn}`, 'try again in a minute');
  if (/NotFound|Disabled|InvalidState|InvalidKeyUsage|KeyUnavailable|InvalidCiphertext|IncorrectKey/.test(name))
    return fail(
      'secrets',
      'kms-key-unusable',
      `AWS KMS cannot use ${arn}: ${name}`,
      'see the state of that key in AWS',
    );
  return fail(
    'secrets',
    'kms-unreachable',
    `AWS KMS cannot be reached for ${arn}: ${name}`,
    'see the network and the region',
  );
}
