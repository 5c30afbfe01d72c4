import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CommandResult, TestWorkspace } from '../test-workspace';
import { deploy, type DeploymentRow, FILES, type Interrupt, signalAt } from './deployment-row';

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
const WITH_ROLE = JSON.stringify({
  plugins: [
    {
      plugin: 'nx-esc/plugin',
      options: { environments: { dev: { deployRole: 'arn:aws:iam::123456789012:role/deploy' } } },
    },
  ],
});

/** Asks an STS that never answers who it is. */
async function deployWithoutAnswer(workspace: TestWorkspace, interrupt: Interrupt): Promise<CommandResult> {
  const silent = createServer(() => undefined);
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  workspace.write({
    '.cache/token': `${encode({ alg: 'none' })}.${encode({ sub: 'job', aud: 'sts.amazonaws.com' })}.x`,
  });
  workspace.variables = {
    TEST_NX_JSON: WITH_ROLE,
    AWS_WEB_IDENTITY_TOKEN_FILE: join(workspace.root, '.cache/token'),
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
  };
  try {
    return await deploy(workspace, [], interrupt);
  } finally {
    workspace.variables = {};
    silent.closeAllConnections();
    silent.close();
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** A new deployment, after one that was interrupted and must not have got through. */
async function deployAfter(workspace: TestWorkspace, interrupted: Promise<CommandResult>): Promise<CommandResult> {
  const { code, output } = await interrupted;
  if (code === 0) throw new Error(`it was not interrupted:\n${output}`);
  return deploy(workspace);
}

/** Signals and kills, in each phase of a deployment. */
export const INTERRUPTIONS: readonly DeploymentRow[] = [
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
    'kill -9 while pulumi runs, and then a new deployment',
    { exit: 0 },
    async (workspace) => {
      await deploy(workspace, [], signalAt('the program waits', 'SIGKILL'));
      workspace.write({ 'api/index.js': FILES['api/index.js'] });
      return deploy(workspace);
    },
    { 'api/index.js': WAIT(3000) },
  ],
  ...(['SIGINT', 'SIGTERM'] as const).map((signal): DeploymentRow => [
    `${signal} while it is asked who deploys`,
    { failure: 'deploy/cancelled', exit: 130, says: /cancelled during "identity"/ },
    (workspace) => deployWithoutAnswer(workspace, signalAt('▸ identity', signal)),
  ]),
  [
    'kill -9 while it is asked who deploys, and then a new deployment',
    { exit: 0 },
    (workspace) => deployAfter(workspace, deployWithoutAnswer(workspace, signalAt('▸ identity', 'SIGKILL'))),
  ],
  [
    'SIGTERM while the environment is opened',
    { failure: 'deploy/cancelled', exit: 130, says: /cancelled during "open / },
    (workspace) => {
      workspace.variables = { TEST_NX_JSON: WITH_MODULE };
      return deploy(workspace, [], signalAt('the provider waits', 'SIGTERM'));
    },
    SLOW_MODULE,
  ],
  [
    'kill -9 while the environment is opened, and then a new deployment',
    { exit: 0 },
    (workspace) => {
      workspace.variables = { TEST_NX_JSON: WITH_MODULE };
      return deployAfter(workspace, deploy(workspace, [], signalAt('the provider waits', 'SIGKILL')));
    },
    SLOW_MODULE,
  ],
  [
    'SIGINT while the environment is opened again',
    { failure: 'deploy/cancelled', exit: 130, says: /cancelled during "open again / },
    (workspace) => {
      workspace.variables = { TEST_NX_JSON: WITH_MODULE };
      return deploy(workspace, ['true'], signalAt('▸ open again', 'SIGINT'));
    },
    SLOW_MODULE,
  ],
  [
    'kill -9 while the environment is opened again, and then a new deployment',
    { exit: 0 },
    (workspace) => {
      workspace.variables = { TEST_NX_JSON: WITH_MODULE };
      return deployAfter(workspace, deploy(workspace, ['true'], signalAt('▸ open again', 'SIGKILL')));
    },
    SLOW_MODULE,
  ],
  [
    'SIGINT while a command of the app runs',
    { failure: 'deploy/cancelled', exit: 130, says: /was cancelled; the stack itself has been deployed/ },
    (workspace) => deploy(workspace, ['echo "it has begun"; exec sleep 20'], signalAt('it has begun\n', 'SIGINT')),
  ],
  [
    'kill -9 while a command of the app has a file with a secret, and then a new deployment',
    { exit: 0 },
    (workspace) => {
      workspace.variables = { TMPDIR: join(workspace.root, '.cache') };
      return deployAfter(
        workspace,
        deploy(workspace, ['cat "$KEY"; echo "it has begun"; exec sleep 3'], signalAt('it has begun\n', 'SIGKILL')),
      );
    },
    { 'api/esc/dev.yaml': 'values:\n  files: { KEY: { fn::secret: hush-hush } }\n' },
  ],
];
