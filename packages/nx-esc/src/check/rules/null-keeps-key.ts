import { pathKey } from '../checked-workspace';
import { declaredValues } from '../reading/declared-values';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const nullKeepsKey: Rule = {
  code: 'null-keeps-key',
  severity: 'warning',
  summary: 'An imported key is set to null, which does not remove it.',
  checkProject: ({ environments, workspace }) =>
    environments.flatMap((environment) => {
      const inherited = workspace.inheritedBy(environment);
      return declaredValues(environment.parsed.declaration).flatMap(({ path, keyRange, expression }): Finding[] => {
        const base = expression.kind === 'null' ? inherited.get(pathKey(path)) : undefined;
        if (base === undefined) return [];
        return [
          {
            place: environment.source.placeOf(keyRange),
            message: `null does not remove ${path.join('.')} of ${base.environment.name}: the key stays, with null`,
            hint: 'move the key out of the import, into the environments that need it',
            related: [{ file: base.environment.file, ...base.keyRange.begin, message: 'the key' }],
          },
        ];
      });
    }),
};
