import { Failure } from '../../failures/failure';
import { type EnvironmentName, parseEnvironmentName } from './environment-name';

/**
 * Reads the name of an environment that somebody wrote; `form` says how names look where it is looked for.
 *
 * @throws Failure config/invalid-env-name
 */
export function readEnvironmentName(written: string, form: string): EnvironmentName {
  const parsed = parseEnvironmentName(written);
  if (parsed !== undefined) return parsed;
  throw new Failure({
    class: 'config',
    code: 'invalid-env-name',
    message: `${JSON.stringify(written)} is not the name of an environment`,
    hint: `write ${form}, for example api/staging`,
  });
}
