import type { KMSClient } from '@aws-sdk/client-kms';
import {
  awsErrorName,
  awsMessage,
  identityFailureOf,
  isDenied,
  isThrottled,
  unreachableFailureOf,
} from '../aws/aws-failure';
import { callAws, clientOptions } from '../aws/aws-sdk';
import type { AwsCredentials } from '../aws/aws-session';
import { Failure, type FailureCode } from '../failures/failure';
import { readTimeLimit } from '../network/time-limit';
import type { Environment } from '../pulumi/environment';
import type { Age, Identity, Recipient } from './age';
import { regionOfKey } from './recipients-file';

const STANZA = 'nx-esc/aws-kms';

/** What a call of KMS is bound to, and what CloudTrail shows of it. */
export interface KmsContext {
  readonly group: string;
  readonly publicKey: string;
}

/** Begins a session of AWS, or answers the one that there is. */
export type CredentialsSource = () => Promise<AwsCredentials>;

/** With what KMS is called, and until when. */
export interface KmsAccess {
  readonly env: Environment;
  /** Whose credentials; those that the AWS SDK finds unless given. */
  readonly credentials?: CredentialsSource | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A recipient of an age file whose key never leaves AWS KMS (`kms:Encrypt`). */
export function createKmsRecipient(age: Age, arn: string, context: KmsContext, access: KmsAccess): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const { EncryptCommand } = await import('@aws-sdk/client-kms');
      const command = new EncryptCommand({ KeyId: arn, Plaintext: fileKey, EncryptionContext: contextOf(context) });
      const { CiphertextBlob } = await call({ arn, action: 'kms:Encrypt', access }, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      return [new age.Stanza([STANZA, arn], CiphertextBlob as Uint8Array)];
    },
  };
}

/** Opens age files that have a KMS key among their recipients (`kms:Decrypt`). */
export function createKmsIdentity(context: KmsContext, access: KmsAccess): Identity {
  return {
    async unwrapFileKey(stanzas) {
      let failure: unknown;
      for (const { args, body } of stanzas) {
        const [type, arn] = args;
        if (type !== STANZA || arn === undefined) continue;
        try {
          return await decrypt(arn, body, context, access);
        } catch (error) {
          failure ??= error;
        }
      }
      if (failure !== undefined) throw failure;
      return null;
    },
  };
}

async function decrypt(arn: string, body: Uint8Array, context: KmsContext, access: KmsAccess): Promise<Uint8Array> {
  const { DecryptCommand } = await import('@aws-sdk/client-kms');
  const command = new DecryptCommand({ KeyId: arn, CiphertextBlob: body, EncryptionContext: contextOf(context) });
  const { Plaintext } = await call({ arn, action: 'kms:Decrypt', access }, (client, abortSignal) =>
    client.send(command, { abortSignal }),
  );
  return Plaintext as Uint8Array;
}

function contextOf({ group, publicKey }: KmsContext): Record<string, string> {
  return { 'nx-esc-group': group, 'nx-esc-key': publicKey };
}

interface KmsCall {
  readonly arn: string;
  /** The permission that it takes. */
  readonly action: string;
  readonly access: KmsAccess;
}

async function call<T>(request: KmsCall, send: (client: KMSClient, signal: AbortSignal) => Promise<T>): Promise<T> {
  const { KMSClient: Client } = await import('@aws-sdk/client-kms');
  const { env, signal = new AbortController().signal } = request.access;
  const context = { env, signal, timeLimit: readTimeLimit(env) };
  const credentials = await request.access.credentials?.();
  const client = new Client({
    ...clientOptions(context, regionOfKey(request.arn)),
    ...(credentials !== undefined && { credentials }),
  });
  try {
    return await callAws(context, (limited) => send(client, limited));
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, request);
  } finally {
    client.destroy();
  }
}

const UNUSABLE = /NotFound|Disabled|InvalidState|InvalidKeyUsage|KeyUnavailable|InvalidCiphertext|IncorrectKey/;

function failureOf(error: unknown, { arn, action }: KmsCall): Failure {
  const fail = (code: FailureCode, message: string, hint: string): Failure =>
    new Failure({ class: 'secrets', code, message, hint, details: [awsMessage(error)] }, { cause: error });
  if (isDenied(error)) {
    return fail('kms-denied', `AWS KMS denies ${action} on ${arn}`, `allow ${action} on that key to the role`);
  }
  if (isThrottled(error)) return fail('secret-throttled', `AWS KMS throttles calls of ${arn}`, 'try again in a minute');
  const name = error instanceof Error ? error.name : 'unknown';
  if (UNUSABLE.test(awsErrorName(error))) {
    return fail('kms-key-unusable', `AWS KMS cannot use ${arn}: ${name}`, 'see the state of that key in AWS');
  }
  const what = `AWS KMS in ${regionOfKey(arn)}`;
  return (
    identityFailureOf(error, what) ??
    unreachableFailureOf(error, { failureClass: 'secrets', code: 'kms-unreachable', what }) ??
    fail('kms-unreachable', `${what} gives no usable answer for ${arn}: ${name}`, 'see the network and the region')
  );
}
