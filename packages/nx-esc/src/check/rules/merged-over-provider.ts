import { describeOverride, overridesIn } from '../reading/overrides';
import type { Rule } from '../rule';

export const mergedOverProvider: Rule = {
  code: 'merged-over-provider',
  severity: 'info',
  summary: "Keys are added to what a provider gives: before it is opened, the provider's own keys do not show.",
  checkProject: (project) =>
    overridesIn(project)
      .filter(
        ({ expression, base }) =>
          expression.kind === 'object' &&
          base.expression.kind === 'call' &&
          base.expression.name.startsWith('fn::open'),
      )
      .map((override) =>
        describeOverride(override, {
          message: `${override.name} is what a provider gives in ${override.base.environment.name}: as a whole, it has these keys alone until it is opened`,
          hint: 'add the keys under another name, and refer to both',
          relation: 'opened here',
        }),
      ),
};
