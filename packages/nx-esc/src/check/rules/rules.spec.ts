import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyFixes } from '../fixes/apply-fixes';
import { checkFiles, FolderOfFiles } from '../../testing/check-files';
import { RULES } from '.';

const DOCS = resolve(__dirname, '../../../../../docs/check');

/** The workspace that the examples of the pages stand in. */
const COMMON = {
  'nx.json': '{ "plugins": [{ "plugin": "nx-esc/plugin", "options": { "organization": "acme" } }] }',
  'apps/infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\n',
  'apps/infra/Pulumi.staging.yaml': '',
  'apps/infra/Pulumi.prod.yaml': '',
  'apps/infra/index.ts': "export const address = 'https://infra.example.com';\n",
  'apps/api/Pulumi.yaml': 'name: api\nruntime: nodejs\n',
  'apps/api/Pulumi.staging.yaml': '',
  'apps/api/Pulumi.prod.yaml': '',
};

function pageOf(code: string): string {
  return readFileSync(join(DOCS, `${code}.md`), 'utf8');
}

/** The files of a section's examples. */
function filesIn(page: string, section: string): Record<string, string> {
  const [, text = ''] = new RegExp(`^## ${section}$([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(page) ?? [];
  const files = [...text.matchAll(/^```\w+ file=([^\n]+)\n([\s\S]*?)^```$/gm)].map(([, file, body]) => [file, body]);
  return Object.fromEntries(files) as Record<string, string>;
}

describe.each(RULES.map((rule) => [rule.code, rule] as const))('%s', (code, { severity, summary }) => {
  const page = pageOf(code);
  const wrong = filesIn(page, 'Wrong');
  const right = filesIn(page, 'Right');

  test('finds what its page calls wrong, and nothing in what it calls right', async () => {
    expect(Object.keys(wrong).length).toBeGreaterThan(0);
    expect(Object.keys(right).length).toBeGreaterThan(0);
    const found = (await checkFiles({ ...COMMON, ...wrong })).problems.filter((problem) => problem.code === code);
    expect(found.length).toBeGreaterThan(0);
    const { problems } = await checkFiles({ ...COMMON, ...right });
    expect(problems.filter((problem) => problem.code === code)).toEqual([]);
  });

  test('finds nothing when it is off', async () => {
    const { problems } = await checkFiles({ ...COMMON, ...wrong }, { severities: { [code]: 'off' } });
    expect(problems.filter((problem) => problem.code === code)).toEqual([]);
  });

  test('its page and the table say what it is', () => {
    expect(page.replace(/\s+/g, ' ')).toContain(`# ${code} ${summary} Severity: ${severity}.`);
    const row = readFileSync(join(DOCS, 'README.md'), 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| [\`${code}\`](${code}.md)`));
    const cells = row?.split('|').map((cell) => cell.trim());
    expect(cells?.slice(2, 5)).toEqual([severity, summary, page.includes('`--fix`') ? 'yes' : '']);
  });

  test('a fix takes the cause away, once and for all', async () => {
    const folder = new FolderOfFiles({ ...COMMON, ...wrong });
    try {
      const { workspace, problems } = await folder.check();
      const fixable = problems.filter((problem) => problem.code === code && problem.fix !== undefined);
      expect(fixable.length > 0).toBe(page.includes('`--fix`'));
      expect(applyFixes(workspace, fixable)).toHaveLength(fixable.length);
      if (fixable.length === 0) return;
      const after = await folder.check();
      expect(after.problems.filter((problem) => problem.code === code)).toEqual([]);
    } finally {
      folder.remove();
    }
  });
});

test('there is a page for every rule, and for nothing else', () => {
  const pages = readdirSync(DOCS).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(RULES.map(({ code }) => `${code}.md`).sort());
});

test('every rule is in a file of its name, in the order of the codes', () => {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.ts') && !/^index\.ts$|\.spec\.ts$/.test(name));
  expect(files.map((name) => name.replace(/\.ts$/, ''))).toEqual(RULES.map(({ code }) => code));
});
