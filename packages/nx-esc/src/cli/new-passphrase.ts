import { Identities } from '../encryption/identities';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';
import { askHidden } from './ask';

const MINIMUM_LENGTH = 12;

/** Reads a new passphrase: from the variables that hold one, or twice from the terminal. */
export async function readNewPassphrase(env: Environment): Promise<string> {
  const given = await new Identities(env).passphrase();
  const passphrase = given ?? (await askHidden('New passphrase: '));
  if (given === undefined && (await askHidden('Again: ')) !== passphrase)
    throw refused('the two passphrases differ', 'try again');
  if (passphrase.length < MINIMUM_LENGTH)
    throw refused(`the passphrase has fewer than ${MINIMUM_LENGTH} characters`, 'take five words or more');
  return passphrase;
}

function refused(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'passphrase-refused', message, hint });
}
