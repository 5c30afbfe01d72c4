import { isForbiddenVariable } from '../deployment/opened-environment';
import { invalidAnswer } from './answers';
import type { PlannedStack } from './environment-plan';
import { variableNameOf } from './variable-name';

/**
 * Gives each output a variable of its own. A name that is taken, or that would change what every process runs, is
 * written with the key of its stack before it.
 *
 * @throws Failure config/option-invalid where the user chose such a name
 */
export function withDistinctVariables(
  stacks: readonly PlannedStack[],
  taken: Iterable<string>,
  areChosen: boolean,
): PlannedStack[] {
  const used = new Set(taken);
  const isFree = (name: string): boolean => !used.has(name) && !isForbiddenVariable(name);
  return stacks.map((stack) => ({
    ...stack,
    outputs: stack.outputs.map(({ output, variable }) => {
      if (areChosen && !isFree(variable)) {
        const reason = used.has(variable) ? 'is given twice' : 'may not be set by an environment';
        throw invalidAnswer('outputs', `${stack.key}.${output}`, `${variable} ${reason}: choose another name`);
      }
      const name = isFree(variable) ? variable : variableNameOf(`${stack.key}_${output}`);
      used.add(name);
      return { output, variable: name };
    }),
  }));
}
