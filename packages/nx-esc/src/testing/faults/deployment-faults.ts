import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandResult, TestWorkspace } from '../test-workspace';
import { deploy, type DeploymentRow } from './deployment-row';

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
const LOCK = JSON.stringify({ pid: 1, username: 'anna', hostname: 'elsewhere', timestamp: '2026-11-25T12:00:00Z' });

/** Tools, programs, stacks and disks that fail a deployment. */
export const DEPLOYMENT_FAULTS: readonly DeploymentRow[] = [
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
    'pulumi may not be executed',
    { failure: 'tool/pulumi-missing', exit: 40 },
    (workspace) => {
      fakePulumi(workspace, 'exit 0');
      chmodSync(join(workspace.root, 'bin/pulumi'), 0o644);
      workspace.variables = { PATH: `${join(workspace.root, 'bin')}:/usr/bin:/bin`, PULUMI_HOME: '/dev/null/none' };
      return deploy(workspace);
    },
  ],
  [
    'pulumi is a program of another kind of machine',
    { failure: 'tool/pulumi-missing', exit: 40 },
    (workspace) => {
      fakePulumi(workspace, '');
      workspace.write({ 'bin/pulumi': '\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xff\x00' });
      return deploy(workspace);
    },
  ],
  [
    'pulumi crashes at once',
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
    'the program wants the token of the job, which it does not get',
    { failure: 'deploy/program-failed', exit: 50, says: /withholds ACTIONS_ID_TOKEN_REQUEST_TOKEN: .*"passVariables"/ },
    (workspace) => {
      workspace.variables = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-of-the-job' };
      return deploy(workspace);
    },
    { 'api/index.js': 'throw new Error("OIDC: there is no token to exchange");' },
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
  const cli = resolve(__dirname, '../../../dist/cli/start.js');
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
