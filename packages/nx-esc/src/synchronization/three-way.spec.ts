import { formatPropertyPath } from 'esc-eval';
import { holdNothing, type Leaves, leavesOf } from './definition-leaves';
import { areEqual, changesBetween, hasAll, mergeThreeWay } from './three-way';

const leaves = (text: string): Leaves => leavesOf('test', text, ({ value }) => `[secret ${value}]`);

test.each([
  ['layout, comments and order', 'values:\n  a: 1 # one\n  b: [x, y]\n', 'values: {b: ["x", y], "a": 1}'],
  ['quotes of texts', 'values: {a: text}', "values: {a: 'text'}"],
  ['calls of secrets', 'values: {a: {fn::secret: x}}', 'values:\n  a:\n    fn::secret: |-\n      x\n'],
])('%s do not matter', (_what, one, other) => {
  expect(areEqual(leaves(one), leaves(other))).toBe(true);
});

test.each([
  ['values: {a: 1}', 'values: {a: "1"}'],
  ['values: {a: 1.50}', 'values: {a: 1.5}'],
  ['values: {a: yes}', 'values: {a: "yes"}'],
  ['values: {a: null}', 'values: {}'],
  ['values: {a: [x, y]}', 'values: {a: [y, x]}'],
  ['values: {a: {fn::secret: x}}', 'values: {a: {fn::secret: y}}'],
  ['values: {a: {fn::secret: x}}', 'values: {a: x}'],
  ['imports: [a, b]', 'imports: [b, a]'],
])('%s is not %s', (one, other) => {
  expect(areEqual(leaves(one), leaves(other))).toBe(false);
});

test.each([
  ['', true],
  ['{}', true],
  ['values: {}', true],
  ['imports: []\nvalues:\n', true],
  ['values: {a: {}}', false],
  ['imports: [a]', false],
])('%j holds nothing: %s', (text, expected) => {
  expect(holdNothing(leaves(text))).toBe(expected);
});

describe('merging', () => {
  const merge = (base: string, ours: string, theirs: string): { merged: string[]; conflicts: string[] } => {
    const { leaves: merged, conflicts } = mergeThreeWay(leaves(base), leaves(ours), leaves(theirs));
    const shown = [...merged.values()].map(({ path, content }) => `${formatPropertyPath([...path])}=${content}`);
    return { merged: shown.sort(), conflicts: conflicts.map((path) => formatPropertyPath([...path])) };
  };

  test.each([
    ['different keys', 'a: 1\nb: 1', 'a: 2\nb: 1', 'a: 1\nb: 2', ['a=2', 'b=2']],
    ['the same change', 'a: 1', 'a: 2', 'a: 2', ['a=2']],
    ['a removal', 'a: 1\nb: 1', 'a: 2\nb: 1', 'a: 1', ['a=2']],
    ['both remove', 'a: 1\nb: 1', 'a: 1', 'a: 1', ['a=1']],
    ['new keys', 'a: {x: 1}', 'a: {x: 1, y: 2}', 'a: {x: 1, z: 3}', ['a.x=1', 'a.y=2', 'a.z=3']],
  ])('%s', (_what, base, ours, theirs, expected) => {
    expect(merge(base, ours, theirs)).toEqual({ merged: expected, conflicts: [] });
  });

  test.each([
    ['a: 1', 'a: 2', 'a: 3', ['a']],
    ['a: 1', 'b: 1', 'a: 3', ['a']],
    ['a: 1', 'a: 2', '{}', ['a']],
    ['x: 1', 'x: 1\na: 1', 'x: 1\na: {b: 1}', ['a']],
    ['a: [1]', 'a: [1, 2]', 'a: [1, 3]', ['a']],
  ])('of %j to %j and %j is refused', (base, ours, theirs, expected) => {
    expect(merge(base, ours, theirs).conflicts).toEqual(expected);
  });

  test('what a side has of the other', () => {
    const changes = changesBetween(leaves('a: 1\nb: 1'), leaves('a: 2'));
    expect(hasAll(leaves('a: 2\nc: 3'), changes)).toBe(true);
    expect(hasAll(leaves('a: 2\nb: 1'), changes)).toBe(false);
  });
});
