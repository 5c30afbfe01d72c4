import { checkEnvironment, openEnvironment } from './environment';
import { plainData } from './output/plain-data';
import { createTestHost } from './testing/test-host';
import { writeJson } from './values/json-writer';

const host = createTestHost({ environments: {} });
const check = (source: string | Uint8Array) => checkEnvironment({ name: 'env', source, host });
const summaries = async (source: string | Uint8Array): Promise<string[]> =>
  (await check(source)).diagnostics.map(({ summary }) => summary);

/** A text each of whose values refers twice to the one before. */
const growing = (count: number, value: (before: number) => string): string =>
  `values:\n  a0: x\n${Array.from({ length: count }, (_, n) => `  a${n + 1}: ${value(n)}\n`).join('')}`;

describe('hostile texts get a diagnostic', () => {
  const bomb = `a: &a [x]\n${Array.from({ length: 30 }, (_, level) => `b${level}: &b${level} [${'*a, '.repeat(10)}]\n`).join('')}`;

  test.each([
    ['an alias bomb', `values:\n${bomb.replace(/^/gm, '  ')}`, /alias nodes are not supported/],
    ['10,000 brackets', `values: {a: ${'['.repeat(10_000)}${']'.repeat(10_000)}}`, /nested more than/],
    [
      '10,000 levels of blocks',
      `values:\n${Array.from({ length: 10_000 }, (_, depth) => `${' '.repeat(depth + 1)}a:\n`).join('')}`,
      /nested more than/,
    ],
    ['unclosed brackets', `values: ${'{a: '.repeat(5000)}`, /nested more than|did not find/],
    ['NUL', 'values:\n  a: "x\0y"\n', /control characters are not allowed/],
    ['bytes that are no UTF-8', Uint8Array.from([0x76, 0x3a, 0x20, 0xff, 0xfe]), /invalid leading UTF-8 octet/],
    ['a tab for indentation', 'values:\n\ta: 1\n', /cannot start any token/],
    ['a cycle', 'values:\n  a: ${b}\n  b: ${a}\n', /cyclic reference/],
  ])('%s', async (_name, source, expected) => {
    expect((await summaries(source)).join('\n')).toMatch(expected);
  });

  test.each([
    ['lists that double', growing(40, (n) => `["\${a${n}}", "\${a${n}}"]`), /references copy more than/],
    ['texts that double', growing(40, (n) => `"\${a${n}}\${a${n}}"`), /a text is longer than/],
    ['quotes in quotes', `values: { a: "\${o} ", o: ${'{a: '.repeat(30)}1${'}'.repeat(30)} }`, /a text is longer than/],
  ])('%s end at a limit', async (_name, source, expected) => {
    expect((await summaries(source)).join('\n')).toMatch(expected);
  });

  test('a long line of wide characters is measured', async () => {
    expect(await summaries(`values:\n  a: ${'日'.repeat(20_000)} \${b}\n  b: 1\n`)).toEqual([]);
  });

  test('a scalar of 10 MB is read', async () => {
    const text = 'x'.repeat(10_000_000);
    const { environment, diagnostics } = await check(`values:\n  a: "${text}"\n  b: \${a}\n`);
    expect(diagnostics).toEqual([]);
    expect(environment?.root.value).toHaveProperty('size', 2);
  });

  test.each([
    ['CRLF', 'values:\r\n  a: 1\r\n  b: |\r\n    x\r\n    y\r\n', '{"a":1,"b":"x\\ny\\n"}'],
    ['a byte order mark', '\ufeffvalues:\n  a: 1\n', '{"a":1}'],
    [
      'keys of prototypes',
      'values:\n  __proto__: {polluted: 1}\n  constructor: {prototype: 2}\n',
      '{"__proto__":{"polluted":1},"constructor":{"prototype":2}}',
    ],
  ])('%s is no fault', async (_name, source, expected) => {
    const { environment, diagnostics } = await check(source);
    expect(diagnostics).toEqual([]);
    expect(writeJson(plainData(environment!.root, { reveal: true }))).toBe(expected);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('references that rest on thousands of others end', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `  k${index}: \${k${index + 1}}\n`).join('');
    expect((await summaries(`values:\n${lines}  k5000: 1\n`)).join('\n')).toContain('nested too deeply');
  });

  test.each([2, 50, 3000])('a cycle of %i imports is found', async (length) => {
    const environments = Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `e${index}`,
        `imports: [e${(index + 1) % length}]\nvalues:\n  k${index}: 1\n`,
      ]),
    );
    const source = environments.e0 as string;
    const { diagnostics } = await openEnvironment({ name: 'e0', source, host: createTestHost({ environments }) });
    expect(diagnostics.map(({ summary }) => summary).join('\n')).toMatch(
      length <= 50 ? /cyclic import of e0/ : /cyclic import of e0|nested too deeply/,
    );
  });
});
