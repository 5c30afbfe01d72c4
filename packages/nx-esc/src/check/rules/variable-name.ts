import { declaredVariables, isPossible } from '../reading/declared-variables';
import type { Rule } from '../rule';

export const variableName: Rule = {
  code: 'variable-name',
  severity: 'error',
  summary: 'A variable has a name that no process can have.',
  checkProject: (project) =>
    declaredVariables(project).flatMap(({ name, place }) =>
      isPossible(name)
        ? []
        : [
            {
              place,
              message: `${JSON.stringify(name)} is not a name that a process's environment can hold`,
              hint: 'use letters, digits and underscores, and no digit at the start',
            },
          ],
    ),
};
