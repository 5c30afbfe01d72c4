import { dangerOfVariable } from '../deployment/dangerous-variables';
import { invalidAnswer } from './answers';
import type { PlannedStack } from './environment-plan';
import { propertyPathOf } from './property-path';
import { variableNameOf } from './variable-name';

export interface VariablesRequest {
  readonly stacks: readonly PlannedStack[];
  readonly stacksKey: string;
  /** Variables that are there, or will be, as they are written. */
  readonly existing: ReadonlyMap<string, string>;
  /** Whether the user chose the names. */
  readonly areChosen: boolean;
}

/**
 * Gives each output a variable of its own. A name that is taken by something else, or that would change what every
 * process runs, is written with the key of its stack before it.
 *
 * @throws Failure config/option-invalid where the user chose such a name
 */
export function withDistinctVariables({ stacks, stacksKey, existing, areChosen }: VariablesRequest): PlannedStack[] {
  const used = new Map(existing);
  return stacks.map((stack) => ({
    ...stack,
    outputs: stack.outputs.map(({ output, variable }) => {
      const value = `\${${stacksKey}.${stack.key}${propertyPathOf(output)}}`;
      const isTaken = (name: string): boolean => used.has(name) && (used.get(name) !== value || !existing.has(name));
      const isFree = (name: string): boolean => !isTaken(name) && dangerOfVariable(name) === undefined;
      if (areChosen && !isFree(variable)) {
        const reason = isTaken(variable) ? 'is taken' : 'may not be set by an environment';
        throw invalidAnswer('outputs', `${stack.key}.${output}`, `${variable} ${reason}: choose another name`);
      }
      const name = isFree(variable) ? variable : variableNameOf(`${stack.key}_${output}`);
      used.set(name, value);
      return { output, variable: name };
    }),
  }));
}
