import type { Expression } from 'esc-eval';
import { describeOverride, overridesIn } from '../reading/overrides';
import type { Rule } from '../rule';

export const redundantOverride: Rule = {
  code: 'redundant-override',
  severity: 'info',
  summary: 'A key has the value that it has from an import anyway.',
  checkProject: (project) =>
    overridesIn(project)
      .filter(({ expression, base }) => isSame(expression, base.expression))
      .map((override) =>
        describeOverride(override, {
          message: `${override.name} has this value from ${override.base.environment.name} already`,
          hint: 'take it out, so that there is one place to change it',
          relation: 'the same value',
        }),
      ),
};

function isSame(one: Expression, other: Expression): boolean {
  if (one.kind === 'string' && other.kind === 'string') return one.value === other.value;
  if (one.kind === 'number' && other.kind === 'number') return one.text === other.text;
  return one.kind === 'boolean' && other.kind === 'boolean' && one.value === other.value;
}
