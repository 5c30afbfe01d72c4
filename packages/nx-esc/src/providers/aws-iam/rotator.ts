import type { AccessKey, IAMClient } from '@aws-sdk/client-iam';
import { entriesOf, type ExportedValue, ProviderFault, type Rotator, schemaOfData, secret, toData } from 'esc-eval';
import {
  awsErrorName,
  awsMessage,
  identityFailureOf,
  isDenied,
  isThrottled,
  unreachableFailureOf,
} from '../../aws/aws-failure';
import { type AwsContext, callAws, clientOptions } from '../../aws/aws-sdk';
import { Failure } from '../../failures/failure';
import { secretsFailure } from '../provider-failure';
import type { ProviderServices } from '../provider-context';
import { openState, outputOf } from '../rotation-state';

const STRING = { type: 'string' };
const ACCESS_KEY = {
  type: 'object',
  properties: { accessKeyId: STRING, secretAccessKey: STRING, createdAt: STRING },
  required: ['accessKeyId', 'secretAccessKey'],
};
const STATE = schemaOfData(
  toData({ type: 'object', properties: { current: ACCESS_KEY, previous: ACCESS_KEY }, required: ['current'] }),
);

/** `fn::rotate::aws-iam`: access keys of an IAM user; the previous one stays valid until the next rotation. */
export const createAwsIamRotator = ({ env, timeLimit }: Pick<ProviderServices, 'env' | 'timeLimit'>): Rotator => ({
  inputs: schemaOfData(
    toData({
      type: 'object',
      properties: {
        login: {
          type: 'object',
          properties: { accessKeyId: STRING, secretAccessKey: STRING, sessionToken: STRING },
          required: ['accessKeyId', 'secretAccessKey'],
        },
        userArn: STRING,
        region: STRING,
      },
      required: ['login', 'userArn'],
      rotateOnly: ['login'],
    }),
  ),
  state: STATE,
  outputs: STATE,
  open: (_inputs, state) => openState(state),
  async rotate(inputs, state, _context, { signal }) {
    const userArn = textOf(inputs, 'userArn') as string;
    const user = /^arn:aws[\w-]*:iam::\d{12}:user\/(?:.*\/)?([\w+=,.@-]+)$/.exec(userArn)?.[1];
    if (user === undefined) throw new ProviderFault(`${JSON.stringify(userArn)} is not the ARN of an IAM user`);
    const context = { env, timeLimit, signal };
    const client = await createClient(inputs, context);
    try {
      return await rotateKey({ client, user, userArn, context }, state);
    } finally {
      client.destroy();
    }
  },
});

interface Request {
  readonly client: IAMClient;
  readonly user: string;
  readonly userArn: string;
  readonly context: AwsContext;
}

/**
 * AWS allows a user two access keys, so the one before the current one has to go before a new one can come; the current
 * one is never touched.
 */
async function rotateKey(request: Request, state: ExportedValue | null): Promise<unknown> {
  const states = state === null ? undefined : entriesOf(state);
  const current = states?.get('current');
  const previousId = textOf(states?.get('previous'), 'accessKeyId');
  const created = await createKey(request, textOf(current, 'accessKeyId'), previousId);
  return {
    current: {
      accessKeyId: created.AccessKeyId,
      secretAccessKey: secret(created.SecretAccessKey),
      createdAt: (created.CreateDate ?? new Date()).toISOString(),
    },
    ...(current !== undefined && { previous: outputOf(current) }),
  };
}

async function createKey(request: Request, currentId?: string, previousId?: string): Promise<AccessKey> {
  const { client, user, context } = request;
  const { CreateAccessKeyCommand, DeleteAccessKeyCommand } = await import('@aws-sdk/client-iam');
  // Not even an interrupt cuts this short: a lost answer would leave a key that nobody knows.
  const create = async (): Promise<AccessKey> =>
    (await client.send(new CreateAccessKeyCommand({ UserName: user }))).AccessKey as AccessKey;
  try {
    return await create();
  } catch (error) {
    if (awsErrorName(error) !== 'LimitExceeded') throw failureOf(error, request, 'iam:CreateAccessKey');
  }
  if (previousId === undefined || previousId === currentId) throw await tooManyKeys(request, currentId);
  try {
    const command = new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: previousId });
    await callAws(context, (abortSignal) => client.send(command, { abortSignal }));
  } catch (error) {
    if (awsErrorName(error) === 'NoSuchEntity') throw await tooManyKeys(request, currentId);
    throw failureOf(error, request, 'iam:DeleteAccessKey');
  }
  try {
    return await create();
  } catch (error) {
    throw failureOf(error, request, 'iam:CreateAccessKey');
  }
}

/** A key that the state does not know is somebody's, or of a rotation that was cut off: it is not ours to delete. */
async function tooManyKeys({ client, user, context }: Request, currentId?: string): Promise<Failure> {
  const { ListAccessKeysCommand } = await import('@aws-sdk/client-iam');
  const command = new ListAccessKeysCommand({ UserName: user });
  const listed = await callAws(context, (abortSignal) => client.send(command, { abortSignal })).catch(() => undefined);
  const others = (listed?.AccessKeyMetadata ?? []).map(({ AccessKeyId: id }) => id).filter((id) => id !== currentId);
  return new Failure({
    class: 'secrets',
    code: 'rotation-failed',
    message: `IAM user ${user} has two access keys, and the state does not know ${others.join(' and ') || 'them'}`,
    hint: `delete one that nobody uses: aws iam delete-access-key --user-name ${user} --access-key-id <id>`,
  });
}

async function createClient(inputs: ExportedValue, context: AwsContext): Promise<IAMClient> {
  const { IAMClient: Client } = await import('@aws-sdk/client-iam');
  const login = entriesOf(inputs).get('login');
  const sessionToken = textOf(login, 'sessionToken');
  return new Client({
    ...clientOptions(context, textOf(inputs, 'region') ?? 'us-east-1'),
    // Creating a key is not repeated, for the same reason.
    maxAttempts: 1,
    credentials: {
      accessKeyId: textOf(login, 'accessKeyId') as string,
      secretAccessKey: textOf(login, 'secretAccessKey') as string,
      ...(sessionToken !== undefined && { sessionToken }),
    },
  });
}

function failureOf(error: unknown, { userArn, user }: Request, action: string): Failure {
  const options = { cause: error, details: [`AWS says: ${awsMessage(error)}`] };
  const what = `${action} on ${userArn}`;
  if (isDenied(error)) {
    return secretsFailure('secret-access-denied', `AWS denies ${what}`, {
      ...options,
      hint: `allow ${action} to the login`,
    });
  }
  const name = awsErrorName(error);
  if (name === 'NoSuchEntity') {
    return secretsFailure('secret-not-found', `there is no IAM user ${user}`, {
      ...options,
      hint: `see userArn: ${userArn}`,
    });
  }
  if (isThrottled(error) && name !== 'LimitExceeded') {
    return secretsFailure('secret-throttled', `AWS throttles ${what}`, { ...options, hint: 'try again in a minute' });
  }
  const unreachable = { failureClass: 'secrets', code: 'secret-store-unreachable', what: 'AWS IAM' } as const;
  return (
    identityFailureOf(error, what) ??
    unreachableFailureOf(error, unreachable) ??
    secretsFailure('rotation-failed', `${action} failed for ${userArn}: ${name}`, {
      ...options,
      hint: 'see the user in AWS, then rotate again',
    })
  );
}

function textOf(parent: ExportedValue | undefined, key: string): string | undefined {
  const value = entriesOf(parent).get(key)?.value;
  return typeof value === 'string' ? value : undefined;
}
