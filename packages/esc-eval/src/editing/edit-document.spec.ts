import { parsePropertyPath } from '../language/property-path';
import { toData } from '../values/data';
import { EditableDocument } from './edit-document';

const edit = (text: string, path: string, value: unknown): string => {
  const document = new EditableDocument('env', text);
  document.set(parsePropertyPath(path), toData(value));
  return document.toString();
};

describe('editing a document', () => {
  test.each([
    ['replaces a value and keeps its comment', '# head\na: 1 # one\nb: 2\n', 'a', 3, '# head\na: 3 # one\nb: 2\n'],
    ['makes maps on the way', 'values:\n    a: 1\n', 'values.b.c', 'x', 'values:\n    a: 1\n    b:\n        c: x\n'],
    ['makes lists on the way', 'a: 1\n', 'l[0]', true, 'a: 1\nl:\n  - true\n'],
    ['appends to a list', 'l:\n- 1\n', 'l[1]', 2, 'l:\n- 1\n- 2\n'],
    ['fills a flow map in block style', 'values: {}\n', 'values.a', 1, 'values:\n  a: 1\n'],
    ['quotes texts that read as something else', 'a: 1\n', 'a', 'true', 'a: "true"\n'],
    ['begins a document', '', 'values.a', null, 'values:\n  a: null\n'],
    ['keeps quotes and numbers elsewhere', "a: 0x1F\nb: 'x'\nc: 1_000\n", 'd', 1, "a: 0x1F\nb: 'x'\nc: 1_000\nd: 1\n"],
  ])('%s', (_name, text, path, value, expected) => {
    expect(edit(text, path, value)).toBe(expected);
  });

  test.each([
    ['l.x', 'l: key for an array must be an int'],
    ['l[9]', 'l: array index out of range'],
    ['m[0]', 'm: key for a map must be a string'],
    ['s.x', 's: expected an array or an object'],
  ])('refuses %s', (path, message) => {
    expect(() => edit('l: [1]\nm: {a: 1}\ns: text\n', path, 1)).toThrow(message);
  });

  test('removes, and reads', () => {
    const document = new EditableDocument('env', 'a:\n  b: 1 # one\n  c: [x, y]\n');
    expect(document.get(['a', 'c', 1])).toBe('y');
    document.remove(['a', 'b']);
    document.remove(['a', 'nope']);
    expect(() => document.remove(['a', 'c', 0, 'z'])).toThrow('a.c[0]: expected an array or an object');
    expect(document.toString()).toBe('a:\n  c: [x, y]\n');
  });
});
