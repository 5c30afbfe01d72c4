import { entriesOf, type ExportedValue, secret } from 'esc-eval';
import type { RoleRequest } from '../../aws/aws-roles';
import { sessionSeconds } from '../../aws/aws-roles';
import type { AwsCredentials } from '../../aws/aws-session';
import { Failure } from '../../failures/failure';
import { textOf, textsOf } from '../inputs';
import type { ProviderContext, ProviderFactory } from '../provider-context';
import { ProviderFailure } from '../provider-failure';
import { arrayOf, duration, object, schema, string, subjectAttributes } from '../schemas';

const ARN = { type: 'string', minLength: 20, maxLength: 2048 };
const INPUTS = schema(
  object({
    oidc: object({
      'roleArn*': { ...ARN, pattern: '[\\x{0009}\\x{000A}\\x{000D}\\x{0020}-\\x{007E}\\x{0085}\\x{00A0}-\\x{D7FF}]+' },
      'sessionName*': { type: 'string', minLength: 2, maxLength: 64, pattern: '[\\w+=,.@-]*' },
      duration,
      policyArns: arrayOf(ARN),
      subjectAttributes,
    }),
    static: object({ 'accessKeyId*': string, 'secretAccessKey*': string, sessionToken: string }),
  }),
);

/** What `aws-login` answers with, and other providers take as `login`. */
export const AWS_LOGIN = object({ 'accessKeyId*': string, 'secretAccessKey*': string, sessionToken: string });

/** Pulumi's default; it is cut to the longest session that the role allows. */
const DEFAULT_DURATION = '2h';

/**
 * `fn::open::aws-login`: keys as they are given, or a session of a role for the OIDC token of this run. Where there is no
 * token, as on a laptop, the AWS session of the machine stands in for the role, or assumes it.
 */
export const createAwsLoginProvider: ProviderFactory = (context) => ({
  inputs: INPUTS,
  outputs: schema(AWS_LOGIN),
  async open(inputs) {
    const { static: fixed, oidc } = Object.fromEntries(entriesOf(inputs));
    if ((fixed === undefined) === (oidc === undefined)) throw ambiguous();
    return outputOf(fixed === undefined ? await assume(oidc as ExportedValue, context) : fixedCredentials(fixed));
  },
});

async function assume(oidc: ExportedValue, { services, roles, onExpiry }: ProviderContext): Promise<AwsCredentials> {
  if (textsOf(oidc, 'subjectAttributes').length > 0)
    services.onNote('subjectAttributes of aws-login have no effect here: the subject is that of the OIDC token');
  // An account of this environment is said of its own roles; a login names the account in its role.
  const { account: _account, ...others } = roles;
  try {
    const session = await services.aws.role(requestOf(oidc), others).get();
    const { expiration } = session.credentials;
    if (expiration !== undefined) onExpiry?.(expiration);
    return session.credentials;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new ProviderFailure(error, entriesOf(oidc).get('roleArn')?.trace.def);
  }
}

function requestOf(oidc: ExportedValue): RoleRequest {
  return {
    arn: textOf(oidc, 'roleArn') ?? '',
    sessionName: textOf(oidc, 'sessionName') ?? '',
    durationSeconds: sessionSeconds(textOf(oidc, 'duration') || DEFAULT_DURATION) ?? 3600,
    policyArns: textsOf(oidc, 'policyArns'),
  };
}

function fixedCredentials(fixed: ExportedValue): AwsCredentials {
  const sessionToken = textOf(fixed, 'sessionToken');
  return {
    accessKeyId: textOf(fixed, 'accessKeyId') ?? '',
    secretAccessKey: textOf(fixed, 'secretAccessKey') ?? '',
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

function outputOf({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials): object {
  return {
    accessKeyId,
    secretAccessKey: secret(secretAccessKey),
    ...(sessionToken !== undefined && { sessionToken: secret(sessionToken) }),
  };
}

function ambiguous(): ProviderFailure {
  const failure = new Failure({
    class: 'config',
    code: 'login-ambiguous',
    message: 'aws-login needs exactly one of oidc and static',
    hint: 'use oidc: nothing has to be stored for it',
  });
  return new ProviderFailure(failure);
}
