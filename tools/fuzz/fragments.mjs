/** Pieces of YAML's syntax, in any order: most of what they make is no YAML, and the faults are compared. */
const BEGINNINGS = [
  ...['values:\n  a: 1\n', 'values: ', 'values:\n  ', 'values:\n  a: ', 'values: {', 'values:\n  - ', 'imports:\n  - '],
  ...['', '\ufeff', '---\n', '%YAML 1.1\n---\n'],
];
const PIECES = [
  ...['a', 'é', '日', 'b: 1', 'values', 'values:', 'values: ', 'imports: ', '<<: ', '<<', '=', '~', 'null', 'true'],
  ...['- ', '-', '? ', ': ', ':', '{', '}', '[', ']', ',', ', ', '&x ', '*x', '@', '`', '%', '\ufeff'],
  ...['!t ', '!!str ', '!<x> ', '!!binary aGk=', '!!int "3"', '!!float 1', '!!map {}', '!!seq []', '!!null ""'],
  ...['| ', '>', '|-\n', '>+\n', '|2\n', '>1-\n', "'", '"', '"a\n b"', "'a\n\n b'", '"\\x41"', '"\\q"', '"\\\n x"'],
  ...['#c\n', '# c', ' #c', '---', '\n---\n', '...', '\n...\n', '%YAML 1.1\n', '%TAG ! x\n'],
  ...['\n', '\n', '\n', '\n ', '\n  ', '\n    ', '  ', '\t', '\n\t', '\r\n', '\r', '\u0085', '\u2028', '\u2029'],
  ...['1', '0x1', '1_0', '.5', '2001-01-01', 'fn::secret: ', '${a', '${a}', '$${a}'],
];
const LONGEST = 10;

/** A text of random pieces. */
export function generateFragments(random) {
  const pieces = Array.from({ length: 1 + random.below(LONGEST) }, () => random.pick(PIECES));
  return Buffer.from(random.pick(BEGINNINGS) + pieces.join('') + (random.chance(0.4) ? '\n' : ''));
}
