import { describeOverride, overridesIn } from '../reading/overrides';
import type { Rule } from '../rule';

export const nullKeepsKey: Rule = {
  code: 'null-keeps-key',
  severity: 'warning',
  summary: 'An imported key is set to null, which does not remove it.',
  checkProject: (project) =>
    overridesIn(project)
      .filter(({ expression }) => expression.kind === 'null')
      .map((override) =>
        describeOverride(override, {
          message: `null does not remove ${override.name} of ${override.base.environment.name}: the key stays, with null`,
          hint: 'move the key out of the import, into the environments that need it',
          relation: 'the key',
        }),
      ),
};
