import { findSecretCalls, sealEnvelope } from 'esc-eval';
import { applyChanges } from './apply-changes';
import { type Leaves, leavesOf } from './definition-leaves';
import { areEqual, changesBetween } from './three-way';

const seal = (text: string): string => sealEnvelope(Buffer.from(`age of ${text} `.padEnd(20)));
const leaves = (text: string): Leaves => leavesOf('test', text, ({ value }) => value);

const FILE = `# ours
imports:   [api/base]     # the base
values:
    url:    "http://localhost"     # where

    # about the database
    database: {host: localhost,   port: 5432}
    key:
        fn::secret:
          ciphertext: ${seal('one')}  # of the key
    nested:
        deep:
            only: 1
`;

/** What a file becomes when it is to say what another text says, whose secrets are envelopes. */
function apply(theirs: string): string {
  const after = leaves(theirs);
  const text = applyChanges('test', FILE, changesBetween(leaves(FILE), after), after, (token) => token);
  expect(areEqual(leaves(text), after)).toBe(true);
  return text;
}

test.each<[string, (text: string) => string, string[]]>([
  ['a value', (text) => text.replace('"http://localhost"', 'https://there'), ['    url: https://there     # where']],
  ['a value in a flow map', (text) => text.replace('5432', '1'), ['    database: {host: localhost,   port: 1}']],
  [
    'a secret',
    (text) => text.replace(seal('one'), seal('two')),
    [`          ciphertext: ${seal('two')}  # of the key`],
  ],
  ['a new key', (text) => `${text}    added: [1, {a: b}]\n`, ['    added:', '        - 1', '        - a: b']],
  ['imports', (text) => text.replace('[api/base]', '[api/base, api/more]'), expect.anything() as unknown as string[]],
])('changes %s, and no other line', (_what, change, expected) => {
  const lines = apply(change(FILE)).split('\n');
  const changed = lines.filter((line) => !FILE.split('\n').includes(line));
  expect(changed.map((line) => line.replace(/: +(?=\S)/g, ': '))).toEqual(
    Array.isArray(expected) ? expected.map((line) => line.replace(/: +(?=\S)/g, ': ')) : expect.anything(),
  );
  expect(lines).toContain('    # about the database');
});

test('removes a map with its last entry', () => {
  expect(apply(FILE.replace(/ {4}nested:[^]*/, ''))).not.toContain('nested');
});

test('makes a map of a scalar, and a secret of a plain text', () => {
  const text = apply(
    FILE.replace('    url:    "http://localhost"', `    url: {host: {fn::secret: {ciphertext: ${seal('host')}}}}`),
  );
  expect(findSecretCalls('test', text).calls.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    'values.url.host ciphertext',
    'values.key ciphertext',
  ]);
});
