import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkFolder, linesOf } from '../testing/check-files';
import { scopeOfProject } from './scope';

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

test('the demo is clean', async () => {
  const root = mkdtempSync(join(tmpdir(), 'nx-esc-demo-'));
  try {
    for (const part of ['apps', 'nx.json'])
      cpSync(join(__dirname, '../../../..', part), join(root, part), { recursive: true });
    const report = await checkFolder(root);
    expect(linesOf(report)).toEqual([]);
    expect(report.projects).toBe(2);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test('of a project, what one environment rests on can be checked alone', async () => {
  const root = join(WORKSPACES, 'check-environments');
  const report = await checkFolder(root, {
    select: (workspace) => {
      const project = workspace.index.project('app');
      if (project === undefined) throw new Error('no project app');
      return scopeOfProject(workspace, project, 'child');
    },
  });
  const files = new Set(report.problems.map(({ place }) => place.file));
  expect([...files]).toEqual(['app/esc/base.yaml', 'app/esc/child.yaml']);
});

test('what is written to providers is held against their schemas, modules of the workspace included', async () => {
  const root = mkdtempSync(join(tmpdir(), 'nx-esc-check-'));
  const options = { providers: { inventory: './inventory.js' } };
  const files = {
    'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options }] }),
    'inventory.js':
      "module.exports = { inputs: { type: 'object', properties: { site: { type: 'string' } }, required: ['site'] }, outputs: {}, open: () => ({}) };\n",
    'project.json': '{"name":"app"}',
    'esc/dev.yaml': `values:
  secrets:
    fn::open::aws-secrets:
      region: eu-west-1
      get: { jwt: { secretID: app/jwt } }
  inventory:
    fn::open::inventory: { site: [1] }
  pulumiConfig: { jwt: "\${secrets.jwt}", inventory: "\${inventory}" }
`,
  };
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const lines = linesOf(await checkFolder(root)).filter((line) => line.includes(' error '));
    expect(lines).toEqual([
      'esc/dev.yaml:5:19 error language: missing required properties: secretId',
      'esc/dev.yaml:7:34 error language: expected string, got array',
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test('severities of nx.json and of the command line go before those of the rules', async () => {
  const root = join(WORKSPACES, 'check-pattern');
  const severities = { 'misplaced-key': 'info', 'unsafe-envrc': 'off', 'unqualified-import': 'error' };
  const { problems } = await checkFolder(root, { severities });
  const found = new Map(problems.map(({ code, severity }) => [code, severity]));
  expect(found.get('misplaced-key')).toBe('info');
  expect(found.get('unqualified-import')).toBe('error');
  expect(found.has('unsafe-envrc')).toBe(false);
});

test.each([
  [{ 'unknown-stak': 'off' }, 'there is no rule "unknown-stak" of check', 'did you mean "unknown-stack"?'],
  [{ 'unknown-stack': 1 }, '"unknown-stack" cannot have the severity 1', 'there are: error, warning, info, off'],
])('refuses %j', async (severities, message, hint) => {
  const checking = checkFolder(join(WORKSPACES, 'check-pattern'), { severities });
  await expect(checking).rejects.toMatchObject({ code: 'option-invalid', message, hint });
});

test('there are such workspaces', () => expect(golden.length).toBeGreaterThan(2));
