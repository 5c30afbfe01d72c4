import { readFileSync } from 'node:fs';
import { toBeValidSarifLog } from '@microsoft/jest-sarif';
import { FolderOfFiles } from '../../testing/check-files';
import type { Problem } from '../finding';
import { CHECK_FORMATS } from '.';
import type { CheckReport } from './report';

expect.extend({ toBeValidSarifLog });

const SECRET = 'correct horse battery staple';
const folder = new FolderOfFiles({
  'nx.json': '{ "plugins": ["nx-esc/plugin"] }',
  'apps/a b/project.json': '{ "name": "app" }',
  'apps/a b/esc/base.yaml': 'values: {}\n',
  'apps/a b/esc/dev.yaml': `imports:\n  - base\nvalues:\n  password:\n    fn::secret: ${SECRET}\n  token: { fn::secret: ${SECRET} }\n  other: \${nope}\n  ü: "\${missing}"\nenvironmentVariables:\n  A: 1\n`,
});
let report: CheckReport;
beforeAll(async () => {
  report = await folder.check();
});
afterAll(() => folder.remove());

function render(format: string, given: Partial<CheckReport> = {}): string {
  return CHECK_FORMATS[format]?.({ ...report, ...given }) ?? '';
}

test.each(Object.keys(CHECK_FORMATS))('%s names every problem and shows no secret', (format) => {
  const text = render(format);
  expect(report.problems.length).toBeGreaterThan(4);
  for (const { code } of report.problems) expect(text).toContain(code);
  expect(text).not.toContain(SECRET);
});

describe('text', () => {
  test('shows the place, the line, what to do, and how many there are', () => {
    expect(render('text')).toContain(
      [
        '  apps/a b/esc/dev.yaml:2:5 warning unqualified-import: "base" means "default/base" in Pulumi Cloud, and "app/base" here',
        '    2 |   - base',
        '      |     ^^^^',
        '    → write app/base',
      ].join('\n'),
    );
    expect(render('text')).toMatch(/✗ 1 project checked: \d+ errors, \d+ warnings?/);
  });

  test('a text cannot steer the terminal', () => {
    const [problem] = report.problems as [Problem];
    const text = render('text', { problems: [{ ...problem, message: 'red \u001b[31m' }] });
    expect(text).not.toContain('\u001b');
  });
});

describe('json', () => {
  test('has the shape that docs/check/README.md describes', () => {
    const { version, summary, problems, fixed } = JSON.parse(render('json')) as Record<string, unknown[]>;
    expect(version).toBe(1);
    expect(summary).toEqual({ projects: 1, errors: 5, warnings: expect.any(Number), infos: 0, fixed: 0 });
    expect(fixed).toEqual([]);
    expect(problems).toContainEqual({
      code: 'misplaced-key',
      severity: 'error',
      message: '"environmentVariables" is not a field of an environment: it is ignored',
      hint: 'put it under "values", indented',
      file: 'apps/a b/esc/dev.yaml',
      line: 9,
      column: 1,
      endLine: 9,
      endColumn: 21,
      related: [],
      fix: { description: 'put environmentVariables under values', edits: [expect.anything(), expect.anything()] },
    });
  });
});

describe('sarif', () => {
  test('is valid by the schema of SARIF 2.1.0', () => {
    expect(JSON.parse(render('sarif'))).toBeValidSarifLog();
  });

  test('is no valid log without its results’ messages, so that the schema is looked at', () => {
    const log = JSON.parse(render('sarif')) as { runs: { results: { message?: unknown }[] }[] };
    delete log.runs[0]?.results[0]?.message;
    expect(log).not.toBeValidSarifLog();
  });

  test('points into the files by URIs, and to the rules by their index', () => {
    const { runs } = JSON.parse(render('sarif')) as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] }[];
    };
    for (const result of runs[0]?.results ?? []) {
      expect(runs[0]?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    }
    expect(JSON.stringify(runs)).toContain('"uri":"apps/a%20b/esc/dev.yaml"');
  });
});

describe('github', () => {
  test('escapes what would end a command or a property', () => {
    const problem: Problem = {
      code: 'x',
      severity: 'info',
      message: '100%\r\n::error::no',
      place: { file: 'a,b:c%.yaml', line: 3, column: 4, end: { line: 3, column: 9 } },
    };
    expect(render('github', { problems: [problem] })).toBe(
      '::notice file=a%2Cb%3Ac%25.yaml,line=3,col=4,endLine=3,endColumn=9,title=nx-esc x::100%25%0D%0A::error::no\n',
    );
  });
});

test('the version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(`${__dirname}/../../../package.json`, 'utf8')) as { version: string };
  expect(report.version).toBe(version);
});
