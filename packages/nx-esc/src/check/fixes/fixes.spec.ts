import { parseEnvironment } from 'esc-eval';
import { applyEdits, moveUnderValues } from './move-under-values';
import { qualifyImport } from './qualify-import';

function moved(text: string): string | undefined {
  const line = text.split('\n').findIndex((each) => each.startsWith('files:')) + 1;
  const fix = moveUnderValues(text, 'files', line);
  return fix === undefined ? undefined : applyEdits(text, fix.edits);
}

describe('putting a key under values', () => {
  test.each([
    ['behind values', 'values:\n  a: 1\nfiles:\n  F: x\n', 'values:\n  a: 1\n  files:\n    F: x\n'],
    [
      'with comments, blank lines and texts over lines',
      'values:\n    a: 1 # one\n\n# of all\nfiles:\n  # of F\n  F: |\n    x\n\n     y\n\n# the end\n',
      'values:\n    a: 1 # one\n\n# of all\n    files:\n      # of F\n      F: |\n        x\n\n         y\n\n# the end\n',
    ],
    [
      'without values',
      'imports: [a/b]\nfiles:\n  F: x\nmore: 1\n',
      'imports: [a/b]\nvalues:\n  files:\n    F: x\n  more: 1\n',
    ],
    ['in one line', 'values: # here\n  a: 1\nfiles: { F: x }', 'values: # here\n  a: 1\n  files: { F: x }'],
    ['behind another that fell out', 'values:\n  a: 1\nx: 1\nfiles: {}\n', 'values:\n  a: 1\nx: 1\n  files: {}\n'],
  ])('%s', (name, text, expected) => {
    // The last one is no YAML before the key above it is moved, too: it is left.
    expect(moved(text)).toBe(name.startsWith('behind another') ? undefined : expected);
  });

  test.each([
    ['values come later', 'files:\n  F: x\nvalues:\n  a: 1\n'],
    ['values have the key', 'values:\n  files: {}\nfiles:\n  F: x\n'],
    ['the key is there twice', 'values:\n  a: 1\nfiles: {}\nfiles: {}\n'],
    ['imports stand between', 'values:\n  a: 1\nimports: []\nfiles: {}\n'],
    ['values are in flow style', 'values: { a: 1 }\nfiles: {}\n'],
    ['the text is no YAML', 'values:\n  a: [1\nfiles: {}\n'],
    ['lines end in another way', 'values:\r\n  a: 1\r\nfiles: {}\r\n'],
  ])('not where %s', (_name, text) => expect(moved(text)).toBeUndefined());
});

function qualified(text: string): string | undefined {
  const range = parseEnvironment('a/b', text).declaration?.imports.find(({ name }) => name === 'base')?.range;
  const fix = range === undefined ? undefined : qualifyImport(text, 'base', 'app/base', range);
  return fix === undefined ? undefined : applyEdits(text, fix.edits);
}

describe('writing an import by its whole name', () => {
  test.each([
    ['imports:\n  - base # why\n', 'imports:\n  - app/base # why\n'],
    ['imports: ["base", x/y]\n', 'imports: ["app/base", x/y]\n'],
    [
      "imports:\n  - 'base': { merge: false }\n  - base\n",
      "imports:\n  - 'app/base': { merge: false }\n  - app/base\n",
    ],
    ['# 😀\nimports: [ base ]', '# 😀\nimports: [ app/base ]'],
  ])('%j', (text, expected) => expect(qualified(text)).toBe(expected));

  test.each([
    'imports: [base]\nvalues: { a: "${imports.base.x}" }\n',
    'imports: [base]\nvalues: { a: "${imports}" }\n',
    'imports: [base, app/base]\n',
    'imports: ["\\u0062ase"]\n',
  ])('not in %j', (text) => expect(qualified(text)).toBeUndefined());
});
