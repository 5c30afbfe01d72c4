import { formatMark, parseMark } from './sync-mark';

const FILE = 'a'.repeat(40);

test.each([
  { revision: 7, file: FILE },
  { revision: 7, file: 'b'.repeat(64), commit: 'c'.repeat(64) },
])('a mark is read as it was written: %j', (mark) => {
  expect(parseMark(formatMark(mark))).toEqual(mark);
});

test.each(['', 'yes', `revision=-1 file=${FILE}`, `revision=1 file=${FILE}0`, `revision=1 file=${FILE} commit=main`])(
  '%j is no mark',
  (text) => {
    expect(parseMark(text)).toBeUndefined();
  },
);
