import type { Comparison } from './compare-revisions';
import { renderMarkdown } from './render-markdown';

const compared = (affected: Comparison['affected']): string =>
  renderMarkdown({ base: '0123456789abcdef', head: 'fedcba9876543210', changedFiles: ['a', 'b'], affected });
const stack = (
  name: string,
  ...reasons: Comparison['affected'][number]['reasons']
): Comparison['affected'][number] => ({
  project: 'api',
  stack: name,
  environment: 'staging',
  reasons,
});

test('tells each stack, why, and through which environments', () => {
  const causes = [{ key: 'port', file: 'api/esc/base.yaml', line: 3, column: 9, via: ['api/prod', 'api/base'] }];
  expect(
    compared([
      stack('api/staging', { kind: 'value', key: 'environmentVariables.PORT', change: 'changed', causes }),
      stack('web/staging', { kind: 'upstream', stack: 'api/staging' }, { kind: 'program', file: 'web/index.ts' }),
    ]),
  ).toBe(`2 affected by <code>012345678</code>..<code>fedcba987</code>.

| stack | why | through |
| --- | --- | --- |
| <code>api/staging</code> | <code>environmentVariables.PORT</code> changed: <code>api/esc/base.yaml:3</code> | <code>api/prod</code> → <code>api/base</code> |
| <code>web/staging</code> | reads <code>api/staging</code><br>its program: <code>web/index.ts</code> | <br> |
`);
});

test('says that nothing is affected', () => {
  expect(compared([])).toBe(
    'No stack is affected by <code>012345678</code>..<code>fedcba987</code> (2 files differ).\n',
  );
});

test('leaves no character its meaning', () => {
  const hostile = '</code>|@octocat `x` [a](b) ![i](j)\n# h\n*b* _e_ https://e.example www.e.example #1 \u0007 &amp;';
  const row = compared([stack('api/staging', { kind: 'program', file: hostile })]).split('\n')[4] ?? '';
  expect(row.split('|')).toHaveLength(5);
  expect(/program: <code>(.*)<\/code>/.exec(row)?.[1]).not.toMatch(/[<>@`[\]()!*\n\u0007]|:\/\/|www\.|#(?!\d+;)| _|_ /);
  const decoded = row.replaceAll(/&#(\d+);/g, (_, character: string) => String.fromCodePoint(Number(character)));
  expect(decoded).toContain(hostile);
});

test('stays within what a comment may hold', () => {
  const reasons = Array.from({ length: 40 }, (_, index) => ({
    kind: 'program' as const,
    file: '<'.repeat(1000 + index),
  }));
  const text = compared(Array.from({ length: 300 }, (_, index) => stack(`api/${index}`, ...reasons)));
  expect(text.length).toBeLessThan(21_000);
  expect(text).toMatch(/and 35 more/);
  expect(text).toMatch(/\n… and \d+ more\.\n$/);
});
