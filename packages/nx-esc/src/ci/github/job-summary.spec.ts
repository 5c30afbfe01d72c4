import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendSummaryRow } from './job-summary';

const folder = mkdtempSync(join(tmpdir(), 'nx-esc-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('adds rows to one table, whatever is in them', () => {
  const file = join(folder, 'summary.md');
  writeFileSync(file, '# Theirs\n');
  const deploy = { isSuccess: true, task: 'api:deploy', environment: 'staging', result: '3 created' };
  appendSummaryRow(file, { ...deploy, milliseconds: 1234 });
  appendSummaryRow(file, { ...deploy, isSuccess: false, result: 'config/x: a|b\n<img src=x> [l](http://h) `c`' });
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.slice(0, 6)).toEqual([
    '# Theirs',
    '',
    '| | task | environment | result | time |',
    '| --- | --- | --- | --- | ---: |',
    '| ✅ | api:deploy | staging | 3 created | 1.2 s |',
    expect.stringMatching(/^\| ❌ \| api:deploy \| staging \| config\/x: a&#124;b &#60;img src=x&#62; /) as string,
  ]);
  expect(lines[5]).not.toMatch(/[<>`[\]]/);
});
