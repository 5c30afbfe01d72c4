import { spawnSync } from 'node:child_process';
import { renderShell } from './shell';
import { renderFish, renderNushell, renderPowerShell, renderVariablesAsJson } from './variable-formats';

const AWKWARD: readonly (readonly [string, string])[] = [
  ['PLAIN', 'value'],
  ['EMPTY', ''],
  ['SUBSTITUTION', '$(touch executed) `touch executed` (touch executed) ${HOME} $HOME $env.HOME'],
  ['QUOTES', `it's "quoted" '' \\' \\\\' "`],
  ['CURLY_QUOTES', '‘one’ ‚two‛ “three”'],
  ['SEVERAL_LINES', 'one\ntwo\r\n\n\tfour'],
  ['TRAILING', 'x\n'],
  ['BACKSLASH', 'a\\b\\n\\u0041\\'],
  ['SPACES', '  a  b  '],
  ['UNICODE', 'ünï 日本 🙂'],
  ['SEPARATORS', 'a#b # c; touch executed & | > executed'],
  ['BANG', '!! !x'],
  ['BRACES', '{a,b} [0] *.* ~'],
  ['CONTROL', 'bell \x07, escape \x1b[31m'],
];

const PRINT_ALL =
  'process.stdout.write(JSON.stringify(Object.fromEntries(process.argv.slice(1).map((n) => [n, process.env[n]]))))';
const NAMES = AWKWARD.map(([name]) => name);
const CHILD = `'${process.execPath}' -e '${PRINT_ALL}' ${NAMES.join(' ')}`;

interface Shell {
  readonly command: string;
  readonly args: readonly string[];
  readonly render: typeof renderShell;
}

/** Each reads the variables from its standard input, as its users would, and starts a child that prints what it got. */
const SHELLS: readonly Shell[] = [
  { command: 'sh', args: ['-c', `eval "$(cat)"; ${CHILD}`], render: renderShell },
  { command: 'bash', args: ['-c', `eval "$(cat)"; ${CHILD}`], render: renderShell },
  { command: 'zsh', args: ['-f', '-c', `eval "$(cat)"; ${CHILD}`], render: renderShell },
  { command: 'fish', args: ['--no-config', '-c', `cat | source; ${CHILD}`], render: renderFish },
  {
    command: 'nu',
    args: ['-n', '--stdin', '-c', `$in | from nuon | load-env; ^${CHILD}`],
    render: renderNushell,
  },
  {
    command: 'pwsh',
    args: ['-NoProfile', '-Command', `$input | Out-String | Invoke-Expression; & ${CHILD}`],
    render: renderPowerShell,
  },
];

const isInstalled = ({ command }: Shell): boolean => spawnSync(command, ['--version']).error === undefined;

for (const shell of SHELLS) {
  const { command, args, render } = shell;
  (isInstalled(shell) ? test : test.skip)(`${command} restores every value and executes none`, () => {
    const { stdout, stderr } = spawnSync(command, args, { input: render(AWKWARD), encoding: 'utf8' });
    expect({ stderr, variables: JSON.parse(stdout) }).toEqual({ stderr: '', variables: Object.fromEntries(AWKWARD) });
  });
}

test.each(['RANDOM', 'OPTIND', 'HISTCMD', 'LINES', 'PS1', 'PS4', 'PROMPT', 'BASH_FUNC', 'fpath', 'PSModulePath'])(
  'refuses %s, of which shells evaluate the value',
  (name) => {
    for (const render of [renderShell, renderFish, renderPowerShell, renderNushell]) {
      expect(() => render([[name, 'a[$(touch executed)]']])).toThrow(`shells evaluate what is assigned to ${name}`);
    }
  },
);

// The rules of the shells' own documentation, for machines without them.
test.each([
  [renderFish, `a'b\\c\nd`, `set -gx X 'a\\'b\\\\c\nd'\n`],
  [renderPowerShell, `a'b‘c’$(d)\ne\\`, `$env:X = 'a''b‘‘c’’$(d)\ne\\'\n`],
  [renderNushell, `a'b"c\\d\ne$(f)`, `{\n  "X": "a'b\\"c\\\\d\\ne$(f)"\n}\n`],
  [renderVariablesAsJson, `<"\n>`, `{\n  "X": "<\\"\\n>"\n}\n`],
])('%p quotes', (render, value, expected) => {
  expect(render([['X', value]])).toBe(expected);
});

test.each([renderFish, renderPowerShell, renderNushell, renderVariablesAsJson])(
  '%p refuses what no shell can hold',
  (render) => {
    expect(() => render([['A;B', 'x']])).toThrow('"A;B" is not a name that a shell can hold');
    expect(() => render([['A', 'a\0b']])).toThrow('the value of A holds a NUL byte');
  },
);
