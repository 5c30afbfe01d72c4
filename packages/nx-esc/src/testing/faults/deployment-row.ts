import type { ChildProcess } from 'node:child_process';
import type { CommandResult, TestWorkspace } from '../test-workspace';

/** A stack with an environment, of which a secret goes to its configuration. */
export const FILES = {
  'api/Pulumi.yaml': 'name: api\nruntime: nodejs\nmain: index.js\n',
  'api/Pulumi.dev.yaml': 'environment:\n  - api/dev\n',
  'api/project.json': '{"name":"api"}',
  'api/index.js': 'exports.one = 1;\n',
  'api/esc/dev.yaml':
    'values:\n  environmentVariables: { ONE: 1 }\n  pulumiConfig: { key: { fn::secret: hush-hush } }\n',
  '.cache/.keep': '',
};
const ONE = ['api', 'dev'] as const;

export type Interrupt = (output: string, child: ChildProcess) => void;
/** A way to disturb a deployment, and how it must end. */
export type DeploymentRow = readonly [
  name: string,
  end: { readonly failure?: string; readonly exit: number; readonly says?: RegExp },
  run: (workspace: TestWorkspace) => Promise<CommandResult>,
  files?: Readonly<Record<string, string>>,
];

/** Deploys the stack once. */
export const deploy = (
  workspace: TestWorkspace,
  commands: readonly string[] = [],
  onOutput?: Interrupt,
): Promise<CommandResult> => workspace.run('deploy', [...ONE, ...commands], onOutput);

/** Sends a signal once, when a text has been printed. */
export function signalAt(text: string, signal: NodeJS.Signals): Interrupt {
  let isSent = false;
  return (output, child) => {
    if (isSent || !output.includes(text)) return;
    isSent = true;
    child.kill(signal);
  };
}
