import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURES } from './catalogue';

const SOURCES = join(__dirname, '..');
const sources = (readdirSync(SOURCES, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts') && !file.includes('.spec.') && !file.startsWith('failures/catalogue'))
  .map((file) => [file, readFileSync(join(SOURCES, file), 'utf8')] as const);
const entries = new Map(Object.entries(FAILURES));

test('every failure of the sources has the class of its code in the catalogue', () => {
  const used = sources.flatMap(([file, text]) =>
    [...text.matchAll(/class: '([a-z]+)',\s*code: '([a-z-]+)'/g)].map(([, failureClass, code]) => ({
      file,
      code,
      failureClass,
    })),
  );
  expect(used.length).toBeGreaterThan(20);
  const wrong = used.filter(
    ({ code = '', failureClass }) => (entries.get(code)?.class ?? 'config') !== failureClass && code !== 'internal',
  );
  expect(wrong).toEqual([]);
});

test.each([...entries])('%s says what happened and what to do', (code, { meaning, causes, remedies, example }) => {
  expect(code).toMatch(/^[a-z]+(?:-[a-z0-9]+)*$/);
  expect(meaning).toMatch(/^\S.*[^.\s]$/);
  expect(causes).not.toHaveLength(0);
  expect(remedies).not.toHaveLength(0);
  expect(example).not.toBe('');
});
