import { awsErrorName, awsMessage, isDenied } from '../../aws/aws-failure';
import type { Failure } from '../../failures/failure';
import { awsStoreFailureOf, secretsFailure } from '../provider-failure';
import type { ParameterReference } from './parameter-reference';

/** The store named a parameter among the `InvalidParameters` of its answer. */
export class ParameterMissing extends Error {
  constructor() {
    super('there is no such parameter');
  }
}

interface ParameterPlace {
  readonly reference: ParameterReference;
  readonly region: string;
  /** Who asked. */
  readonly who: string;
}

/** Says why a parameter cannot be had. */
export function failureOfParameter(error: unknown, { reference, region, who }: ParameterPlace): Failure {
  const { key, name } = reference;
  const what = `the parameter "${name}" (${key}) in ${region}`;
  const options = { cause: error, details: [`AWS says: ${awsMessage(error)}`] };
  const code = awsErrorName(error);
  if (error instanceof ParameterMissing || /^Parameter(?:Version)?NotFound$/.test(code)) {
    return secretsFailure('secret-not-found', `${what} does not exist`, {
      cause: error,
      hint: `check its name, its version or label, and the region (aws ssm get-parameter --region ${region} --name ${name})`,
    });
  }
  const isKms = code === 'InvalidKeyId' || (isDenied(error) && /kms/i.test(awsMessage(error)));
  if (isKms) {
    return secretsFailure('kms-denied', `${what} cannot be decrypted by ${who}`, {
      ...options,
      hint: `allow the role kms:Decrypt on the key of the parameter (kms:ViaService ssm.${region}.amazonaws.com)`,
    });
  }
  if (isDenied(error)) {
    return secretsFailure('secret-access-denied', `${who} may not read ${what}`, {
      ...options,
      hint: `allow the role ssm:GetParameters on arn:aws:ssm:${region}:<account>:parameter/${name.replace(/^\/|:[^:/]*$/g, '')}`,
    });
  }
  return awsStoreFailureOf(error, { what, store: `AWS Systems Manager in ${region}`, details: options.details });
}
