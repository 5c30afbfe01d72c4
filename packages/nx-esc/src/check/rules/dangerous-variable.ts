import { declaredVariables, isDangerous } from '../reading/declared-variables';
import type { Rule } from '../rule';

export const dangerousVariable: Rule = {
  code: 'dangerous-variable',
  severity: 'error',
  summary: 'An environment sets a variable that changes what every process runs.',
  checkProject: (project) =>
    declaredVariables(project).flatMap(({ name, place }) =>
      isDangerous(name)
        ? [
            {
              place,
              message: `an environment may not set ${name}: it changes what every process runs`,
              hint: 'set it where the command is run instead',
            },
          ]
        : [],
    ),
};
