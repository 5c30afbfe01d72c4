import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CommandResult, TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(240_000);

/** Rows that run side by side: most of their time is waiting. */
const SIDE_BY_SIDE = 3;
const FILES = {
  'api/Pulumi.yaml': 'name: api\nruntime: nodejs\nmain: index.js\n',
  'api/Pulumi.dev.yaml': 'environment:\n  - api/dev\n',
  'api/project.json': '{"name":"api"}',
  'api/index.js': 'exports.one = 1;\n',
  'api/esc/dev.yaml':
    'values:\n  environmentVariables: { ONE: 1 }\n  pulumiConfig: { key: { fn::secret: hush-hush } }\n',
  '.cache/.keep': '',
};
const ONE = ['api', 'dev'] as const;

type Interrupt = (output: string, child: ChildProcess) => void;
type Row = readonly [
  name: string,
  end: { readonly failure?: string; readonly exit: number; readonly says?: RegExp },
  run: (workspace: TestWorkspace) => Promise<CommandResult>,
  files?: Readonly<Record<string, string>>,
];

const deploy = (
  workspace: TestWorkspace,
  commands: readonly string[] = [],
  onOutput?: Interrupt,
): Promise<CommandResult> => workspace.run('deploy', [...ONE, ...commands], onOutput);

/** Sends a signal once, when a text has been printed. */
function signalAt(text: string, signal: NodeJS.Signals): Interrupt {
  let isSent = false;
  return (output, child) => {
    if (isSent || !output.includes(text)) return;
    isSent = true;
    child.kill(signal);
  };
}

/** Puts a program named pulumi before all others. */
function fakePulumi(workspace: TestWorkspace, script: string): void {
  workspace.write({ 'bin/pulumi': `#!/bin/sh\n${script}\n` });
  chmodSync(join(workspace.root, 'bin/pulumi'), 0o755);
  workspace.variables = { PATH: `${join(workspace.root, 'bin')}:${process.env.PATH}` };
}

/** Kills the engine that runs the program. */
const KILL_PULUMI = `
const { readFileSync } = require('node:fs');
for (let pid = process.ppid; pid > 1; ) {
  const [, name, parent] = /\\((.*)\\) \\S (\\d+)/.exec(readFileSync(\`/proc/\${pid}/stat\`, 'utf8'));
  if (name === 'pulumi') process.kill(pid, 'SIGKILL');
  pid = name === 'pulumi' ? 0 : Number(parent);
}
`;
const WAIT = (milliseconds: number): string =>
  `console.log('the program waits');\nmodule.exports = () => new Promise((done) => setTimeout(done, ${milliseconds}));\n`;
const SLOW_MODULE = {
  'api/esc/dev.yaml': 'values:\n  slow: { fn::open::slow: {} }\n',
  'slow.js': `console.error('the provider waits');
module.exports = { inputs: {}, outputs: {}, open: () => new Promise((done) => setTimeout(done, 2000, {})) };\n`,
};
const WITH_MODULE = JSON.stringify({
  plugins: [{ plugin: 'nx-esc/plugin', options: { providers: { slow: './slow.js' } } }],
});
const LOCK = JSON.stringify({ pid: 1, username: 'anna', hostname: 'elsewhere', timestamp: '2026-11-25T12:00:00Z' });

const ROWS: readonly Row[] = [
  [
    'pulumi is missing',
    { failure: 'tool/pulumi-missing', exit: 40, says: /pulumi\.com\/docs\/install/ },
    (workspace) => {
      workspace.variables = { PATH: '/usr/bin:/bin', PULUMI_HOME: '/dev/null/none' };
      return deploy(workspace);
    },
  ],
  [
    'pulumi is too old',
    { failure: 'tool/pulumi-too-old', exit: 40 },
    (workspace) => {
      fakePulumi(workspace, 'echo "error: unknown flag: --config-file" >&2; exit 255');
      return deploy(workspace);
    },
  ],
  [
    'pulumi cannot be executed',
    { failure: 'deploy/update-failed', exit: 50 },
    (workspace) => {
      fakePulumi(workspace, 'kill -SEGV $$');
      return deploy(workspace);
    },
  ],
  [
    'pulumi is killed, and then the stack is locked',
    { failure: 'deploy/stack-locked', exit: 50, says: /signal SIGKILL[^]*pulumi cancel/ },
    async (workspace) => {
      const killed = await deploy(workspace);
      const next = await deploy(workspace);
      return { ...next, output: killed.output + next.output };
    },
    { 'api/index.js': KILL_PULUMI },
  ],
  [
    'somebody else holds the lock of the stack',
    { failure: 'deploy/stack-locked', exit: 50, says: /pulumi cancel --stack dev/ },
    (workspace) => deploy(workspace),
    { '.state/.pulumi/locks/organization/api/dev/4711.json': LOCK },
  ],
  [
    'another passphrase than that of the state',
    { failure: 'secrets/secret-decrypt-failed', exit: 30, says: /PULUMI_CONFIG_PASSPHRASE/ },
    async (workspace) => {
      await deploy(workspace);
      workspace.variables = { PULUMI_CONFIG_PASSPHRASE: 'another' };
      return deploy(workspace);
    },
  ],
  [
    'the program throws',
    { failure: 'deploy/program-failed', exit: 50, says: /broken program/ },
    (workspace) => deploy(workspace),
    { 'api/index.js': 'throw Object.assign(new Error("broken program"), { stack: "Error: broken program" });' },
  ],
  [
    'the program ends early with an error',
    { failure: 'deploy/program-failed', exit: 50 },
    (workspace) => deploy(workspace),
    { 'api/index.js': 'process.exit(3);' },
  ],
  [
    'a command of the app fails',
    { failure: 'deploy/command-failed', exit: 7, says: /"exit 7" ended with exit code 7/ },
    (workspace) => deploy(workspace, ['exit 7']),
  ],
  [
    'a command of the app is missing',
    { failure: 'deploy/command-failed', exit: 127 },
    (workspace) => deploy(workspace, ['no-such-command-here']),
  ],
  [
    'a command of the app is killed',
    { failure: 'deploy/command-failed', exit: 137, says: /signal SIGKILL/ },
    (workspace) => deploy(workspace, ['kill -KILL $$']),
  ],
  [
    'a command of the app takes no notice of signals: it is waited for',
    { failure: 'deploy/cancelled', exit: 130, says: /was in no hurry/ },
    (workspace) =>
      deploy(
        workspace,
        [`trap '' INT TERM; echo "it has begun"; sleep 1; echo "it was in no hurry"`],
        signalAt('it has begun\n', 'SIGTERM'),
      ),
  ],
  [
    'SIGINT while the environment is opened',
    { failure: 'deploy/cancelled', exit: 130 },
    (workspace) => {
      workspace.variables = { TEST_NX_JSON: WITH_MODULE };
      return deploy(workspace, [], signalAt('the provider waits', 'SIGINT'));
    },
    SLOW_MODULE,
  ],
  [
    'SIGTERM while pulumi runs, and then a new deployment',
    { exit: 0, says: /deploy\/cancelled/ },
    async (workspace) => {
      const first = await deploy(workspace, [], signalAt('the program waits', 'SIGTERM'));
      workspace.write({ 'api/index.js': FILES['api/index.js'] });
      const next = await deploy(workspace);
      return { ...next, output: first.output + next.output };
    },
    { 'api/index.js': WAIT(4000) },
  ],
  [
    'SIGINT while another deployment of the stack is waited for',
    { failure: 'deploy/cancelled', exit: 130, says: /waited for another/ },
    async (workspace) => {
      const waiting: Promise<CommandResult>[] = [];
      workspace.variables = { TEST_SUMMARY: '.cache/of-the-first.json' };
      await deploy(workspace, [], (output) => {
        if (waiting.length > 0 || !output.includes('the program waits')) return;
        workspace.variables = {};
        waiting.push(deploy(workspace, [], signalAt('waiting for it', 'SIGINT')));
      });
      return (await waiting[0]) as CommandResult;
    },
    { 'api/index.js': WAIT(5000) },
  ],
  [
    'two deployments of the stack at once: one after the other',
    { exit: 0 },
    async (workspace) => {
      const both = await Promise.all([deploy(workspace), deploy(workspace)]);
      return {
        code: Math.max(...both.map(({ code }) => code)),
        stdout: '',
        output: both.map(({ output }) => output).join(''),
      };
    },
  ],
  [
    'kill -9 while pulumi runs, and then a new deployment',
    { exit: 0 },
    async (workspace) => {
      await deploy(workspace, [], signalAt('the program waits', 'SIGKILL'));
      workspace.write({ 'api/index.js': FILES['api/index.js'] });
      return deploy(workspace);
    },
    { 'api/index.js': WAIT(3000) },
  ],
  [
    'disk full while a secret is written to a file',
    { failure: 'tool/private-file-not-written', exit: 40, says: /larger than a file may be here/ },
    (workspace) => run(workspace, 'ulimit -f 64; exec "$0" "$@"', ['run', 'api/large', '--', 'true']),
    { 'api/esc/large.yaml': `values:\n  files:\n    KEY: { fn::secret: "${'s3cret-'.repeat(20_000)}" }\n` },
  ],
  [
    'there is no place for temporary files',
    { failure: 'tool/private-file-not-written', exit: 40, says: /the folder is missing/ },
    (workspace) => run(workspace, 'TMPDIR=$PWD/missing exec "$0" "$@"', ['run', 'api/dev', '--', 'true']),
  ],
];

/** Runs the command from a shell that prepares its process. */
function run(workspace: TestWorkspace, script: string, args: readonly string[]): Promise<CommandResult> {
  const cli = resolve(__dirname, '../../dist/cli/start.js');
  const child = spawn('/bin/bash', ['-c', script, process.execPath, cli, ...args], {
    cwd: workspace.root,
    env: workspace.env,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => done({ code: code ?? 1, output, stdout: '' }));
  });
}

describe('deploying when something goes wrong', () => {
  const outcomes = new Map<
    string,
    { readonly result: CommandResult; readonly failure: object | undefined; readonly left: string[] }
  >();

  beforeAll(async () => {
    const queue = ROWS.values();
    const work = async (): Promise<void> => {
      for (const [name, , act, files] of queue) {
        const workspace = new TestWorkspace({ ...FILES, ...files });
        try {
          const result = await act(workspace);
          outcomes.set(name, { result, failure: failureOf(workspace), left: workspace.filesWith('hush-hush') });
        } finally {
          workspace.remove();
        }
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  });

  function failureOf(workspace: TestWorkspace): object | undefined {
    try {
      return (JSON.parse(workspace.read('.cache/summary.json')) as { failure?: object }).failure;
    } catch {
      return undefined;
    }
  }

  test.each(ROWS.map(([name, end]) => [name, end.failure ?? 'success', end] as const))(
    '%s: %s',
    (name, _failure, end) => {
      const { result, failure, left } = outcomes.get(name)!;
      const { code, output } = result;
      const [failureClass, failureCode] = end.failure?.split('/') ?? [];
      if (failure !== undefined || end.failure === undefined) {
        const expected = end.failure && { class: failureClass, code: failureCode, exitCode: end.exit };
        expect({ output, failure }).toMatchObject({ failure: expected });
        expect({ output, code }).toMatchObject({ code: end.failure === undefined ? 0 : 1 });
      } else {
        expect({ output, code }).toMatchObject({ code: end.exit });
        expect(output).toContain(`${end.failure}: `);
      }
      if (end.says !== undefined) expect(output).toMatch(end.says);
      expect(output).not.toMatch(/internal error|hush-hush|s3cret-/);
      // Written by hand in the environment itself, and nowhere else.
      expect(left.filter((file) => !file.endsWith('/api/esc/dev.yaml'))).toEqual([]);
    },
  );
});
