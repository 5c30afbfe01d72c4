import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_TABLE } from '../testing/faults/fault-table';
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

test('what is tried again before it fails is what the table of faults asks for more than once', () => {
  const rules = [...entries].flatMap(([code, { retry = 'never' }]) => (retry === 'never' ? [] : [[code, retry]]));
  expect(Object.fromEntries(rules)).toEqual({
    'oidc-request-failed': 'back-off',
    'pulumi-cloud-throttled': 'back-off',
    'pulumi-token-rejected': 'new-token',
    'sts-unreachable': 'back-off',
    'sts-throttled': 'back-off',
    'pulumi-cloud-unreachable': 'back-off',
    'sts-token-expired': 'new-token',
    'secret-throttled': 'back-off',
    'secret-store-unreachable': 'back-off',
    'kms-unreachable': 'back-off',
  });
  for (const { name, failure, asks } of FAULT_TABLE) {
    if (failure === undefined || asks === undefined) continue;
    const rule = entries.get(failure.split('/')[1] ?? '')?.retry ?? 'never';
    // A refusal is never repeated, whatever its code.
    const times = { never: [1], 'back-off': [1, 4], 'new-token': [2] }[rule];
    expect({ name, times }).toEqual({ name, times: expect.arrayContaining([asks[1]]) });
  }
});
