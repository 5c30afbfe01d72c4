import type { Rotator } from 'esc-eval';
import { awsIamRotator } from './aws-iam/rotator';
import { createCloudRotator } from './cloud-rotators';
import { passphraseRotator } from './passphrase/rotator';
import { passwordRotator } from './password/rotator';

const ROTATORS: ReadonlyMap<string, Rotator> = new Map([
  ['aws-iam', awsIamRotator],
  ['passphrase', passphraseRotator],
  ['password', passwordRotator],
]);

/** Finds a rotator of the local backend by the name of its `fn::rotate::NAME`. */
export function loadRotator(name: string): Rotator {
  const rotator = ROTATORS.get(name) ?? createCloudRotator(name);
  if (rotator === undefined) throw new Error(`unknown rotator ${JSON.stringify(name)}`);
  return rotator;
}
