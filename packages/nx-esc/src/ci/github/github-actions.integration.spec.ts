import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkspace } from '../../testing/test-workspace';

jest.setTimeout(60_000);

const REPOSITORY = join(__dirname, '../../../../..');
const NX = `node ${join(REPOSITORY, 'node_modules/nx/dist/bin/nx.js')}`;
const NX_ESC = `node ${join(REPOSITORY, 'packages/nx-esc/dist/cli/start.js')}`;

const workspace = new TestWorkspace({
  'api/package.json': '{"name":"api"}',
  'api/esc/dev.yaml': `values:
  password: { fn::secret: "100%-secret\\nsecond-line" }
  flag: { fn::secret: "yes" }
  environmentVariables:
    PASSWORD: \${password}
`,
  'api/esc/broken.yaml': 'values:\n  a: ${nothing}\n',
  'api/project.json': JSON.stringify({
    name: 'api',
    targets: { show: { executor: 'nx-esc:run', options: { command: 'echo $PASSWORD' } } },
  }),
});
afterAll(() => workspace.remove());

// The runner starts each step as a child of its own, with pipes.
const runner = join(workspace.root, 'Runner.Worker');
writeFileSync(runner, '#!/bin/bash\nbash -e "$1" | cat\nexit ${PIPESTATUS[0]}\n');
chmodSync(runner, 0o755);

const MASKS = ['::add-mask::100%25-secret', '::add-mask::second-line'];

interface Step {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: string;
}

async function runStep(script: string, isBeneathRunner = true): Promise<Step> {
  const summaryFile = join(workspace.root, '.cache', `summary-${Math.random()}.md`);
  workspace.write({ [summaryFile.slice(workspace.root.length + 1)]: '' });
  const env = {
    ...workspace.env,
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: summaryFile,
    GITHUB_WORKSPACE: workspace.root,
  };
  const file = join(workspace.root, '.cache', 'step.sh');
  writeFileSync(file, `${script}\n`);
  const child = spawn(isBeneathRunner ? runner : 'bash', isBeneathRunner ? [file] : ['-e', file], {
    cwd: workspace.root,
    env,
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk) => (texts[name] += String(chunk)));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, ...texts, summary: readFileSync(summaryFile, 'utf8') };
}

test('masks reach the runner before anything else, and no file that the output is sent to', async () => {
  const { code, stdout } = await runStep(
    `${NX_ESC} open api/dev password > .cache/out.txt 2> .cache/err.txt; cat .cache/err.txt`,
  );
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(MASKS.join('\n')) as string });
  expect(workspace.read('.cache/out.txt')).toContain('second-line');
  expect(workspace.read('.cache/err.txt')).not.toContain('second-line');
  expect(workspace.read('.cache/err.txt')).toContain('too short or too common to be redacted: flag');
});

test('a task of Nx masks past Nx, which keeps what it prints', async () => {
  const { code, stdout, stderr } = await runStep(`${NX} run api:show --env=dev --output-style=stream > .cache/nx.txt`);
  expect({ code, stderr, stdout: stdout.split('\n') }).toMatchObject({ code: 0, stdout: [...MASKS, ''] });
  expect(workspace.read('.cache/nx.txt')).toContain('[secret]');
  expect(workspace.filesWith('second-line', join(workspace.root, '.cache', 'nx'))).toEqual([]);
});

test('a file that a step is replaced by never gets a mask', async () => {
  const { code, stderr } = await runStep(`exec ${NX_ESC} mask api/dev > .cache/exec.txt`);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(MASKS.join('\n')) as string });
  expect(workspace.read('.cache/exec.txt')).toBe('');
});

test('where the runner cannot be found, the command masks on standard error, and a task of Nx nowhere', async () => {
  const command = await runStep(`${NX_ESC} mask api/dev`, false);
  expect(command).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(MASKS.join('\n')) as string });
  const task = await runStep(`${NX} run api:show --env=dev`, false);
  expect(task).toMatchObject({ code: 0 });
  expect(task.stdout + task.stderr).not.toContain('add-mask');
});

test('a failure is an annotation at its line, and a row of the summary', async () => {
  for (const script of [`${NX_ESC} open api/broken`, `${NX} run api:esc-open --env=broken`]) {
    const { code, stdout, summary } = await runStep(script);
    expect(code).not.toBe(0);
    expect(stdout).toMatch(
      /^::error file=api\/esc\/broken\.yaml,line=2,col=\d+,title=config\/unknown-property::.*nothing/m,
    );
    expect(summary).toMatch(/\| ❌ \| (?:nx&#45;esc open|api:esc&#45;open) \| .*config\/unknown&#45;property/);
  }
});

test('outside of GitHub Actions nothing is masked', async () => {
  const { code, output } = await workspace.run('nx-esc', ['mask', 'api/dev']);
  expect(code).toBe(10);
  expect(output).not.toContain('second-line');
});
