import type { AccessKey, IAMClient } from '@aws-sdk/client-iam';
import { entriesOf, type ExportedValue, ProviderFault, type Rotator, schemaOfData, secret, toData } from 'esc-eval';
import { Failure, type FailureCode } from '../../failures/failure';
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
export const awsIamRotator: Rotator = {
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
    const client = await createClient(inputs);
    try {
      return await rotateKey({ client, user, userArn, signal }, state);
    } finally {
      client.destroy();
    }
  },
};

interface Request {
  readonly client: IAMClient;
  readonly user: string;
  readonly userArn: string;
  readonly signal: AbortSignal;
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
  const { client, user, signal } = request;
  const { CreateAccessKeyCommand, DeleteAccessKeyCommand } = await import('@aws-sdk/client-iam');
  // Not even an interrupt cuts this short: a lost answer would leave a key that nobody knows.
  const create = async (): Promise<AccessKey> =>
    (await client.send(new CreateAccessKeyCommand({ UserName: user }))).AccessKey as AccessKey;
  try {
    return await create();
  } catch (error) {
    if (!isNamed(error, 'LimitExceeded')) throw failureOf(error as Error, request, 'iam:CreateAccessKey');
  }
  if (previousId === undefined || previousId === currentId) throw await tooManyKeys(request, currentId);
  try {
    const command = new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: previousId });
    await client.send(command, { abortSignal: signal });
  } catch (error) {
    if (isNamed(error, 'NoSuchEntity')) throw await tooManyKeys(request, currentId);
    throw failureOf(error as Error, request, 'iam:DeleteAccessKey');
  }
  try {
    return await create();
  } catch (error) {
    throw failureOf(error as Error, request, 'iam:CreateAccessKey');
  }
}

/** A key that the state does not know is somebody's, or of a rotation that was cut off: it is not ours to delete. */
async function tooManyKeys({ client, user, signal }: Request, currentId?: string): Promise<Failure> {
  const { ListAccessKeysCommand } = await import('@aws-sdk/client-iam');
  const listed = await client
    .send(new ListAccessKeysCommand({ UserName: user }), { abortSignal: signal })
    .catch(() => undefined);
  const others = (listed?.AccessKeyMetadata ?? []).map(({ AccessKeyId: id }) => id).filter((id) => id !== currentId);
  return new Failure({
    class: 'secrets',
    code: 'rotation-failed',
    message: `IAM user ${user} has two access keys, and the state does not know ${others.join(' and ') || 'them'}`,
    hint: `delete one that nobody uses: aws iam delete-access-key --user-name ${user} --access-key-id <id>`,
  });
}

async function createClient(inputs: ExportedValue): Promise<IAMClient> {
  const { IAMClient: Client } = await import('@aws-sdk/client-iam');
  const login = entriesOf(inputs).get('login');
  const sessionToken = textOf(login, 'sessionToken');
  return new Client({
    region: textOf(inputs, 'region') ?? 'us-east-1',
    // Creating a key is not repeated, for the same reason.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
    credentials: {
      accessKeyId: textOf(login, 'accessKeyId') as string,
      secretAccessKey: textOf(login, 'secretAccessKey') as string,
      ...(sessionToken !== undefined && { sessionToken }),
    },
  });
}

function failureOf(error: Error, { userArn, user }: Request, action: string): Failure {
  const fail = (failureClass: 'secrets' | 'identity', code: FailureCode, message: string, hint: string): Failure =>
    new Failure({ class: failureClass, code, message, hint }, { cause: error });
  if (/AccessDenied|NotAuthorized/i.test(error.name))
    return fail(
      'secrets',
      'secret-access-denied',
      `AWS denies ${action} on ${userArn}`,
      `allow ${action} to the login`,
    );
  if (/ExpiredToken/.test(error.name))
    return fail('identity', 'sts-token-expired', 'the AWS session of the login has expired', 'log in again');
  if (/InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient/.test(error.name))
    return fail(
      'identity',
      'no-credentials',
      `AWS does not accept the login (${error.name})`,
      'see the inputs of the login',
    );
  if (isNamed(error, 'NoSuchEntity'))
    return fail('secrets', 'secret-not-found', `there is no IAM user ${user}`, `see userArn: ${userArn}`);
  if (/Throttling/.test(error.name))
    return fail('secrets', 'secret-throttled', `AWS throttles ${action}`, 'try again in a minute');
  return fail(
    'secrets',
    'rotation-failed',
    `${action} failed for ${userArn}: ${error.name}`,
    'see the user in AWS, then rotate again',
  );
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name.startsWith(name);
}

function textOf(parent: ExportedValue | undefined, key: string): string | undefined {
  const value = entriesOf(parent).get(key)?.value;
  return typeof value === 'string' ? value : undefined;
}
