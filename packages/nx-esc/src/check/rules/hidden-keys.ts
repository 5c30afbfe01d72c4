import { pathKey } from '../checked-workspace';
import { declaredValues } from '../reading/declared-values';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const hiddenKeys: Rule = {
  code: 'hidden-keys',
  severity: 'warning',
  summary: 'A mapping of an import is replaced by something else, and all its keys with it.',
  checkProject: ({ environments, workspace }) =>
    environments.flatMap((environment) => {
      const inherited = workspace.inheritedBy(environment);
      return declaredValues(environment.parsed.declaration).flatMap(({ path, keyRange, expression }): Finding[] => {
        const base = inherited.get(pathKey(path));
        if (base?.expression.kind !== 'object' || base.expression.entries.length === 0) return [];
        if (!['string', 'number', 'boolean', 'array', 'interpolation'].includes(expression.kind)) return [];
        const keys = base.expression.entries.map(({ key }) => key);
        return [
          {
            place: environment.source.placeOf(keyRange),
            message: `${path.join('.')} replaces the mapping of ${base.environment.name}: ${keys.join(', ')} ${keys.length === 1 ? 'is' : 'are'} gone`,
            hint: 'name the key within it that is to change, or use another name',
            related: [{ file: base.environment.file, ...base.keyRange.begin, message: 'the mapping' }],
          },
        ];
      });
    }),
};
