import { parsePropertyPath } from '../language/property-path';
import { toData } from '../values/data';
import { removeFromText, setInText } from './edit-text';

const set = (text: string, path: string, value: unknown): string =>
  setInText('env', text, parsePropertyPath(path), toData(value));
const remove = (text: string, path: string): string => removeFromText('env', text, parsePropertyPath(path));

const SECRET = { 'fn::secret': { ciphertext: 'QUJD' } };

/** Layout that a writer of YAML would not keep. */
const ODD = `# head

imports:   [ a,  b ]    # two


values:
    db:   {host: x,   port:  0x1F}   # flow
    # about the key
    key:     'it''s'        # why

    block: |
        one

        two
    list:
    -   1
    -   a:   b
last:  ~
`;

describe('setting a value in a text', () => {
  test.each([
    [
      'replaces a scalar',
      'values.key',
      SECRET,
      ["    key:     'it''s'  ", '    key:\n        fn::secret:\n            ciphertext: QUJD  '],
    ],
    [
      'adds a key at the end of a map',
      'values.new',
      SECRET,
      ['    -   a:   b\n', '    -   a:   b\n    new:\n        fn::secret:\n            ciphertext: QUJD\n'],
    ],
    [
      'adds to a flow map',
      'values.db.key',
      SECRET,
      ['port:  0x1F}', "port:  0x1F, key: {'fn::secret': {ciphertext: QUJD}}}"],
    ],
    ['replaces in a flow map', 'values.db.host', 'z', ['{host: x,', '{host: z,']],
    ['replaces a block scalar', 'values.block', 'x', ['block: |\n        one\n\n        two\n', 'block: x\n']],
    ['adds to a list', 'values.list[2]', 'c', ['    -   a:   b\n', '    -   a:   b\n    - c\n']],
    ['adds maps on the way', 'values.x.z', 1, ['    -   a:   b\n', '    -   a:   b\n    x:\n        z: 1\n']],
    ['replaces nothing', 'last', { a: 'b' }, ['last:  ~', 'last:\n    a: b']],
    ['changes a nested map', 'values.list[1].a', 'true', ['a:   b', 'a: "true"']],
  ])('%s', (_name, path, value, [before, after]) => {
    expect(set(ODD, path, value)).toBe(ODD.replace(before as string, after as string));
  });

  test.each([
    ['an empty text', '', 'values.a', 'x', 'values:\n  a: x\n'],
    ['comments alone', '# only\n', 'values.a', 'x', '# only\nvalues:\n  a: x\n'],
    ['an empty flow map', 'values: {} # none\n', 'values.a', 'x', 'values:\n  a: x # none\n'],
    ['a key without a value', 'values: # none\n', 'values.a', 'x', 'values:\n  a: x # none\n'],
    ['no line break at the end', 'values:\n  a: 1', 'values.b', 'x', 'values:\n  a: 1\n  b: x'],
    [
      'Windows line breaks',
      'values:\r\n  a: 1 # one\r\nb: 2\r\n',
      'values.c',
      SECRET,
      'values:\r\n  a: 1 # one\r\n  c:\r\n    fn::secret:\r\n      ciphertext: QUJD\r\nb: 2\r\n',
    ],
    ['a last key without a value', 'values:\n  a:\n', 'values.b', 'x', 'values:\n  a:\n  b: x\n'],
    ['a text with blank lines at its end', 'v:\n  a: |+\n    x\n\nw: 1\n', 'v.a', 'z', 'v:\n  a: z\n\nw: 1\n'],
    ['a quoted key', 'values:\n  "a b": 1\n', 'values["a b"]', 'x', 'values:\n  "a b": x\n'],
    ['several lines', 'v: 1\n', 'v', 'a\nb\n', 'v: |\n  a\n  b\n'],
  ])('%s', (_name, text, path, value, expected) => {
    expect(set(text, path, value)).toBe(expected);
  });

  test.each([
    ['behind kept line breaks', 'v:\n  a: |+\n    x\n\n\n', 'v.b'],
    ['behind an entry without a value', '{a: , }', 'b'],
    ['within a list item', '- 1\n- [2]\n', '[0]'],
  ])('means what it says %s', (_name, text, path) => {
    const edited = set(text, path, 'new');
    expect(set(edited, path, 'new')).toBe(edited);
    expect(edited).toContain('new');
  });

  test('refuses a path through a text', () => {
    expect(() => set('a: x\n', 'a.b', 1)).toThrow('a: expected an array or an object');
  });
});

describe('removing from a text', () => {
  test.each([
    ['a line', 'values.key', "    key:     'it''s'        # why\n", ''],
    ['a block', 'values.block', '    block: |\n        one\n\n        two\n', ''],
    ['a map', 'values.db', '    db:   {host: x,   port:  0x1F}   # flow\n', ''],
  ])('takes out %s', (_name, path, before, after) => {
    expect(remove(ODD, path)).toBe(ODD.replace(before, after));
  });

  test('leaves a map that becomes empty, and what is not there', () => {
    expect(remove('values:\n  a: 1\nb: 2\n', 'values.a')).toBe('values: {}\nb: 2\n');
    expect(remove(ODD, 'values.nope')).toBe(ODD);
  });
});
