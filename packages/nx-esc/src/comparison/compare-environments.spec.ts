import { checkEnvironment } from 'esc-eval';
import { createTestHost } from 'esc-eval/testing';
import { type Comparable, compareEnvironments } from './compare-environments';
import { compareSideBySide } from './environment-matrix';
import { renderDiff, renderMatrix, renderMatrixAsMarkdown } from './render';

async function comparable(name: string, values: string): Promise<Comparable> {
  const source = `values:\n${values.replace(/^/gm, '  ')}\n`;
  const host = createTestHost({ environments: {} });
  const { environment, diagnostics } = await checkEnvironment({ name, source, host, symbolic: true });
  expect(diagnostics).toEqual([]);
  return { name, root: environment!.root, describe: (path) => (path[0] === 'opened' ? 'the store' : undefined) };
}

const STAGING = `
same: 1
text: "1"
url: https://staging
gone: yes
list: [a, b]
secret: { fn::secret: hunter2 }
other: { fn::secret: correct horse }
opened: { fn::open::test: { a: one } }`;
const PROD = `
same: 1
text: 1
url: https://prod
new: null
list: [a, c]
secret: { fn::secret: hunter2 }
other: { fn::secret: battery staple }
opened: { fn::open::test: { a: two } }`;

test('tells what differs, without showing a secret', async () => {
  const diff = compareEnvironments(await comparable('staging', STAGING), await comparable('prod', PROD));
  expect(renderDiff(diff)).toBe(
    [
      'staging → prod',
      '- gone     "yes"',
      '~ list[1]  "b" → "c"',
      '+ new      null',
      '~ opened   [unknown: the store] → [unknown: the store]',
      '~ other    [secret] differs',
      '~ text     "1" → 1',
      '~ url      "https://staging" → "https://prod"',
      '7 differ, 3 equal',
      '',
    ].join('\n'),
  );
  expect(JSON.stringify(diff)).not.toMatch(/hunter2|horse|staple/);
});

test('an environment equals itself', async () => {
  const diff = compareEnvironments(await comparable('a', STAGING), await comparable('b', STAGING));
  expect(diff).toMatchObject({ differences: [], equal: 9 });
});

test('a secret that becomes plain text differs', async () => {
  const diff = compareEnvironments(await comparable('a', 'x: { fn::secret: v }'), await comparable('b', 'x: v'));
  expect(renderDiff(diff)).toContain('~ x  [secret] → "v"');
});

test('sets environments side by side', async () => {
  const columns = [
    await comparable('dev', 'a: 1\nb: x|`y`\nc: { fn::secret: one }\nd: 1'),
    await comparable('staging', 'a: 1\nb: z\nc: { fn::secret: one }'),
    await comparable('prod', 'a: 1\nb: z\nc: { fn::secret: two }\nd: 1'),
  ];
  const matrix = compareSideBySide(columns, () => true);
  expect(renderMatrix(matrix)).toBe(
    [
      '   key  dev         staging     prod',
      '=  a    1           1           1',
      '≠  b    "x|`y`"     "z"         "z"',
      '≠  c    [secret a]  [secret a]  [secret b]',
      '✗  d    1           —           1',
      '',
      '1 same (=), 2 differ (≠), 1 missing somewhere (✗)',
      '',
    ].join('\n'),
  );
  expect(renderMatrixAsMarkdown(matrix)).toContain('| ≠ | `b` | `` "x\\|`y`" `` | `"z"` | `"z"` |');
  expect(JSON.stringify(matrix)).not.toMatch(/one|two/);
});
