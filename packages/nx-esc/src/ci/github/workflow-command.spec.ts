import { CommandNeutralizer, maskCommands, workflowCommand } from './workflow-command';

test('escapes what would end a command or a property', () => {
  expect(workflowCommand('error', { file: 'a,b:c.yaml', line: 3, col: undefined }, '100%\r\nof it')).toBe(
    '::error file=a%2Cb%3Ac.yaml,line=3::100%25%0D%0Aof it\n',
  );
});

test('masks each line of a secret, as it is and as in JSON', () => {
  expect(maskCommands([' 100%-sure \nsay "hi"\n{\nab', 'true'])).toBe(
    '::add-mask::100%25-sure\n::add-mask::say "hi"\n::add-mask::say \\"hi\\"\n',
  );
});

test.each([
  ['::add-mask::x\n', ': :add-mask::x\n'],
  ['a\n  \t::error::x', 'a\n  \t: :error::x'],
  ['\u3000::error::x', '\u3000: :error::x'],
  [':::error::x', ': ::error::x'],
  ['a ##[error]x', 'a ## [error]x'],
  ['std::vector<int> a::b', 'std::vector<int> a::b'],
  ['12:30:: and # [x]', '12:30:: and # [x]'],
  [': ::x', ': ::x'],
])('takes the effect from %p however it is cut', (text, expected) => {
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const neutralizer = new CommandNeutralizer();
    const out = [neutralizer.write(bytes.subarray(0, cut)), neutralizer.write(bytes.subarray(cut))];
    expect(Buffer.concat(out).toString()).toBe(expected);
  }
});
