import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFolder, linesOf } from '../testing/check-files';

const WORKSPACES = join(__dirname, '../../workspaces');
const EXPECTED = 'expected-findings.txt';

/** Workspaces with what is found in them, line by line. `UPDATE_FINDINGS=1` writes these lines anew, to be read. */
const golden = readdirSync(WORKSPACES).filter((name) => existsSync(join(WORKSPACES, name, EXPECTED)));

test.each(golden)('the findings in %s', async (name) => {
  const root = join(WORKSPACES, name);
  const lines = linesOf(await checkFolder(root)).map((line) => `${line}\n`);
  const file = join(root, EXPECTED);
  if (process.env.UPDATE_FINDINGS === '1') writeFileSync(file, lines.join(''));
  expect(lines.join('')).toBe(readFileSync(file, 'utf8'));
});

test('there are such workspaces', () => expect(golden.length).toBeGreaterThan(2));
