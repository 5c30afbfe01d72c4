import { expressionsIn } from '../reading/declared-values';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const silentAdditionalProperties: Rule = {
  code: 'silent-additional-properties',
  severity: 'warning',
  summary: '`additionalProperties: false` in a schema of `fn::validate` refuses nothing.',
  checkProject: ({ documents }) =>
    documents.flatMap(({ parsed, source }) =>
      !parsed.declaration?.values
        ? []
        : [...expressionsIn(parsed.declaration.values)].flatMap(({ expression, path }): Finding[] => {
            const schema = path.lastIndexOf('fn::validate') + 1;
            if (expression.kind !== 'object' || schema === 0 || path[schema] !== 'schema') return [];
            const entry = expression.entries.find(
              ({ key, value }) => key === 'additionalProperties' && value.kind === 'boolean' && !value.value,
            );
            if (entry === undefined) return [];
            return [
              {
                place: source.placeOf(entry.keyRange),
                message: '"additionalProperties: false" says nothing: keys that the schema does not name pass',
                hint: 'say of what form they may be (additionalProperties: { type: string }), or how many (maxProperties)',
              },
            ];
          }),
    ),
};
