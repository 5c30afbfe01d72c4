import { spawnSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import { renderDotenv, renderShell } from './shell';

const AWKWARD: readonly (readonly [string, string])[] = [
  ['PLAIN', 'value'],
  ['EMPTY', ''],
  ['SUBSTITUTION', '$(echo executed) `echo executed` ${HOME} $HOME'],
  ['QUOTES', `it's "quoted"`],
  ['SEVERAL_LINES', 'one\ntwo\n\nfour'],
  ['TRAILING', 'x\n'],
  ['BACKSLASH', 'a\\b\\n\\'],
  ['SPACES', '  a  b  '],
  ['UNICODE', 'ünï 日本 🙂'],
  ['HASH', 'a#b # c'],
];

test('a shell restores every value and executes none', () => {
  const script = `eval "$(cat)"; for name in ${AWKWARD.map(([name]) => name).join(' ')}; do eval "printf '%s\\0' \\"\\$$name\\""; done`;
  const { stdout } = spawnSync('sh', ['-c', script], { input: renderShell(AWKWARD), encoding: 'utf8' });
  expect(stdout.split('\0').slice(0, -1)).toEqual(AWKWARD.map(([, value]) => value));
});

test('a dotenv parser restores every value', () => {
  const quoted = [...AWKWARD.filter(([name]) => name !== 'QUOTES'), ['APOSTROPHE', `it's "hi"`] as const];
  expect(parseEnv(renderDotenv(quoted))).toEqual(Object.fromEntries(quoted));
});

test.each([`it's $5`, `'q' "r"`, `it's\n"so"`, `it's #1 "x"`, "it's `x`"])(
  'refuses what parsers of dotenv read differently: %j',
  (value) => {
    expect(() => renderDotenv([['X', value]])).toThrow('the value of X');
  },
);

test.each([
  ['1X', 'digit first'],
  ['BAD-NAME', 'dash'],
  ['A=B', 'equals sign'],
])('refuses the name %s, without its value', (name, value) => {
  expect(() => renderShell([[name, value]])).toThrow(JSON.stringify(name));
  expect(() => renderShell([[name, value]])).not.toThrow(value);
});

test('refuses NUL bytes', () => {
  expect(() => renderShell([['X', 'a\0b']])).toThrow('the value of X holds a NUL byte');
});
