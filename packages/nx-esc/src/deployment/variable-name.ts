import { Failure } from '../failures/failure';
import { assertVariableAllowed } from './dangerous-variables';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Refuses names that no process can have, and those that change what every process runs.
 *
 * @throws Failure config/variable-not-allowed, config/variable-name-invalid
 */
export function checkVariableName(name: string, allowedVariables: readonly string[]): void {
  if (!NAME.test(name)) {
    throw new Failure({
      class: 'config',
      code: 'variable-name-invalid',
      message: `${JSON.stringify(name)} is not a name that a process's environment can hold`,
      hint: 'use letters, digits and underscores, and no digit at the start',
    });
  }
  assertVariableAllowed(name, allowedVariables);
}
