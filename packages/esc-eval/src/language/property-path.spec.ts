import { formatPropertyPath, joinKey, parsePropertyPath } from './property-path';

describe('parsePropertyPath', () => {
  test.each([
    ['a.b', ['a', 'b']],
    ['a["c d"][0]', ['a', 'c d', 0]],
    ['a..b', ['a', 'b']],
    ['list[*]', ['list', '*']],
    ['a["say \\"hi\\""]', ['a', 'say "hi"']],
    ['', []],
  ])('reads %s', (text, segments) => {
    expect(parsePropertyPath(text)).toEqual(segments);
  });

  test.each([
    ['.a', 'expected property path to start with a name or index'],
    ['a.', 'expected property path to end with a name or index'],
    ['a[0', 'missing closing bracket in array index'],
    ['a["b', 'missing closing quote in property name'],
    ['a[x]', 'invalid array index: strconv.ParseInt: parsing "x": invalid syntax'],
  ])('refuses %s', (text, message) => {
    expect(() => parsePropertyPath(text)).toThrow(message);
  });
});

test('prints keys that are no identifiers in brackets', () => {
  expect(formatPropertyPath(['a', 'b-c', 0, 'd'])).toBe('a["b-c"][0].d');
  expect(joinKey('', 'x y')).toBe('["x y"]');
});
