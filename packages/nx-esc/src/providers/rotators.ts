import type { Rotator } from 'esc-eval';
import { readTimeLimit } from '../network/time-limit';
import { createAwsIamRotator } from './aws-iam/rotator';
import { createCloudRotator } from './cloud-rotators';
import { passphraseRotator } from './passphrase/rotator';
import { passwordRotator } from './password/rotator';
import type { ProviderServices } from './provider-context';

type RotatorServices = Pick<ProviderServices, 'env' | 'timeLimit'>;

const ROTATORS: ReadonlyMap<string, (services: RotatorServices) => Rotator> = new Map([
  ['aws-iam', createAwsIamRotator],
  ['passphrase', () => passphraseRotator],
  ['password', () => passwordRotator],
]);
const NO_SERVICES: RotatorServices = { env: {}, timeLimit: readTimeLimit({}) };

/** Finds a rotator of the local backend by the name of its `fn::rotate::NAME`. */
export function loadRotator(name: string, services = NO_SERVICES): Rotator {
  const rotator = ROTATORS.get(name)?.(services) ?? createCloudRotator(name);
  if (rotator === undefined) throw new Error(`unknown rotator ${JSON.stringify(name)}`);
  return rotator;
}
