import { checkEnvironment } from './environment';
import type { Provider } from './functions/provider';
import { findProperty, entriesOf } from './output/find-property';
import { createTestHost } from './testing';
import { unknown } from './values/provider-output';
import { ALWAYS } from './values/schema';

/** Answers each of its inputs by a value of its own. */
const keyed: Provider = {
  inputs: ALWAYS,
  outputs: ALWAYS,
  open: () => {
    throw new Error('a check opens nothing');
  },
  preview: (inputs) =>
    new Map([...entriesOf(inputs)].map(([key, { value }]) => [key, unknown(`keyed ${String(value)}`)] as const)),
};

/** What `value` stands for in a text, where providers are not opened. */
async function symbolOf(source: string, environments: Record<string, string> = {}) {
  const host = {
    ...createTestHost({ environments }),
    loadProvider: (name: string) => (name === 'keyed' ? keyed : other),
  };
  const { environment, diagnostics } = await checkEnvironment({ name: 'test', source, host, symbolic: true });
  expect(diagnostics).toEqual([]);
  const { value, unknown: isUnknown, symbol } = findProperty(environment!.root, ['value'])!;
  return isUnknown ? symbol : JSON.stringify(value);
}
const other: Provider = { inputs: ALWAYS, outputs: ALWAYS, open: () => ({}) };

const OPENED = '  opened: { fn::open::keyed: { a: one, b: two } }\n';

describe('two texts whose values will be equal', () => {
  test.each([
    ['a comment', 'value: "${opened.a}"', '# why\n  value: "${opened.a}"'],
    ['another name on the way', 'value: ${opened.a}', 'via: ${opened.a}\n  value: ${via}'],
    ['an interpolation', 'value: x ${opened.a}', 'via: ${opened.a}\n  value: x ${via}'],
    ['a call', 'value: { fn::toBase64: "${opened.a}" }', 'value: { fn::toBase64: "${opened[\\"a\\"]}" }'],
    ['a part of a part', 'value: ${opened.a.deep[1]}', 'via: ${opened.a.deep}\n  value: ${via[1]}'],
  ])('%s', async (_name, one, two) => {
    const [first, second] = [
      await symbolOf(`values:\n${OPENED}  ${one}\n`),
      await symbolOf(`values:\n${OPENED}  ${two}\n`),
    ];
    expect(first).toBe(second);
    expect(first).toBeDefined();
  });

  test('an import in place of what it says', async () => {
    const apart = await symbolOf('imports: [base]\nvalues: { value: "x ${opened.a}" }', { base: `values:\n${OPENED}` });
    expect(apart).toBe(await symbolOf(`values:\n${OPENED}  value: x \${opened.a}\n`));
  });

  test('a sibling input that is added', async () => {
    const more = '  opened: { fn::open::keyed: { a: one, b: two, c: three } }\n';
    expect(await symbolOf(`values:\n${more}  value: x \${opened.a}\n`)).toBe(
      await symbolOf(`values:\n${OPENED}  value: x \${opened.a}\n`),
    );
  });
});

describe('two texts whose values may differ', () => {
  test.each([
    ['another part', 'value: ${opened.a}', 'value: ${opened.b}'],
    ['another text around it', 'value: x ${opened.a}', 'value: y ${opened.a}'],
    ['another function', 'value: { fn::toBase64: "${opened.a}" }', 'value: { fn::toJSON: "${opened.a}" }'],
    ['another input', 'value: { fn::open::other: { a: 1 } }', 'value: { fn::open::other: { a: 2 } }'],
    [
      'another secret',
      'value: { fn::join: ["", [{ fn::secret: a }, "${opened.a}"]] }',
      'value: { fn::join: ["", [{ fn::secret: b }, "${opened.a}"]] }',
    ],
    ['known in one', 'value: ${opened.a}', 'value: one'],
  ])('%s', async (_name, one, two) => {
    expect(await symbolOf(`values:\n${OPENED}  ${one}\n`)).not.toBe(await symbolOf(`values:\n${OPENED}  ${two}\n`));
  });
});

test('no secret shows in what a value stands for', async () => {
  const symbol = await symbolOf(
    `values:\n${OPENED}  value: { fn::join: ["-", [{ fn::secret: hunter2 }, "\${opened.a}"]] }\n`,
  );
  expect(symbol).not.toContain('hunter2');
});
