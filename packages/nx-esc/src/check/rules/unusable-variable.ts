import { declaredVariables } from '../reading/declared-variables';
import type { Rule } from '../rule';

export const unusableVariable: Rule = {
  code: 'unusable-variable',
  severity: 'warning',
  summary: 'A variable is a list or a mapping, which is left out without a word.',
  checkProject: (project) =>
    declaredVariables(project).flatMap(({ name, section, place, expression: { kind } }) =>
      kind === 'object' || kind === 'array'
        ? [
            {
              place,
              message: `${section}.${name} is a ${kind === 'object' ? 'mapping' : 'list'}: it is left out`,
              hint: `write it as text: ${name}: { fn::toJSON: … }`,
            },
          ]
        : [],
    ),
};
