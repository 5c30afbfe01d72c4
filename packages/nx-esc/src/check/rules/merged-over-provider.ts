import { pathKey } from '../checked-workspace';
import { declaredValues } from '../reading/declared-values';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const mergedOverProvider: Rule = {
  code: 'merged-over-provider',
  severity: 'info',
  summary: "Keys are added to what a provider gives: before it is opened, the provider's own keys do not show.",
  checkProject: ({ environments, workspace }) =>
    environments.flatMap((environment) => {
      const inherited = workspace.inheritedBy(environment);
      return declaredValues(environment.parsed.declaration).flatMap(({ path, keyRange, expression }): Finding[] => {
        const base = expression.kind === 'object' ? inherited.get(pathKey(path)) : undefined;
        if (base?.expression.kind !== 'call' || !base.expression.name.startsWith('fn::open')) return [];
        return [
          {
            place: environment.source.placeOf(keyRange),
            message: `${path.join('.')} is what a provider gives in ${base.environment.name}: as a whole, it has these keys alone until it is opened`,
            hint: 'add the keys under another name, and refer to both',
            related: [{ file: base.environment.file, ...base.keyRange.begin, message: 'opened here' }],
          },
        ];
      });
    }),
};
