import type { Expression } from 'esc-eval';
import { pathKey } from '../checked-workspace';
import { declaredValues } from '../reading/declared-values';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const redundantOverride: Rule = {
  code: 'redundant-override',
  severity: 'info',
  summary: 'A key has the value that it has from an import anyway.',
  checkProject: ({ environments, workspace }) =>
    environments.flatMap((environment) => {
      const inherited = workspace.inheritedBy(environment);
      return declaredValues(environment.parsed.declaration).flatMap(({ path, keyRange, expression }): Finding[] => {
        const base = inherited.get(pathKey(path));
        if (base === undefined || !isSame(expression, base.expression)) return [];
        return [
          {
            place: environment.source.placeOf(keyRange),
            message: `${path.join('.')} has this value from ${base.environment.name} already`,
            hint: 'take it out, so that there is one place to change it',
            related: [{ file: base.environment.file, ...base.keyRange.begin, message: 'the same value' }],
          },
        ];
      });
    }),
};

function isSame(one: Expression, other: Expression): boolean {
  if (one.kind === 'string' && other.kind === 'string') return one.value === other.value;
  if (one.kind === 'number' && other.kind === 'number') return one.text === other.text;
  return one.kind === 'boolean' && other.kind === 'boolean' && one.value === other.value;
}
