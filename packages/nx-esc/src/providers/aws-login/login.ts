import { entriesOf, type ExportedValue } from 'esc-eval';
import type { AwsCredentials } from '../../aws/aws-session';
import { Failure } from '../../failures/failure';
import { textOf } from '../inputs';
import type { ProviderContext } from '../provider-context';
import { ProviderFailure } from '../provider-failure';

/** Who fetches: keys, and their name for messages. */
export interface Login {
  readonly credentials: AwsCredentials;
  readonly who: string;
}

/**
 * Reads the `login` of a provider. Without one, what nx.json names as the reader role of the environment fetches, else
 * the AWS session of the machine.
 */
export async function readLogin(inputs: ExportedValue, { services, roles }: ProviderContext): Promise<Login> {
  const login = entriesOf(inputs).get('login');
  if (login === undefined || login.value === null) {
    try {
      const { credentials, arn } = await services.aws.reader(roles).get();
      return { credentials, who: arn };
    } catch (error) {
      throw error instanceof Failure ? new ProviderFailure(error) : error;
    }
  }
  const accessKeyId = textOf(login, 'accessKeyId') ?? '';
  const sessionToken = textOf(login, 'sessionToken');
  return {
    credentials: {
      accessKeyId,
      secretAccessKey: textOf(login, 'secretAccessKey') ?? '',
      ...(sessionToken !== undefined && sessionToken !== '' && { sessionToken }),
    },
    who: services.aws.arnOf(accessKeyId) ?? `access key ${accessKeyId}`,
  };
}
