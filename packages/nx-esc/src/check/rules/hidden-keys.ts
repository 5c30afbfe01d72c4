import { describeOverride, overridesIn } from '../reading/overrides';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

/** Expressions that are no mapping, whatever they come to. */
const NO_MAPPINGS = new Set(['string', 'number', 'boolean', 'array', 'interpolation']);

export const hiddenKeys: Rule = {
  code: 'hidden-keys',
  severity: 'warning',
  summary: 'A mapping of an import is replaced by something else, and all its keys with it.',
  checkProject: (project) =>
    overridesIn(project).flatMap((override): Finding[] => {
      const { name, expression, base } = override;
      if (base.expression.kind !== 'object' || !NO_MAPPINGS.has(expression.kind)) return [];
      const keys = base.expression.entries.map(({ key }) => key);
      if (keys.length === 0) return [];
      const message = `${name} replaces the mapping of ${base.environment.name}: ${keys.join(', ')} ${keys.length === 1 ? 'is' : 'are'} gone`;
      const hint = 'name the key within it that is to change, or use another name';
      return [describeOverride(override, { message, hint, relation: 'the mapping' })];
    }),
};
