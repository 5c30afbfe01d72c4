import { runInEnvironment } from '../deployment/run-command';
import { startCliSession } from './cli-session';

export interface RunCommandOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  readonly command: readonly string[];
  readonly interactive: boolean;
}

/** Runs a command in an environment and answers its exit code. */
export async function runCommand({ workspaceRoot, ref, command, interactive }: RunCommandOptions): Promise<number> {
  const session = startCliSession(workspaceRoot);
  try {
    const [file = '', ...args] = command[0] === '--' ? command.slice(1) : command;
    const { code } = await runInEnvironment(session.services, {
      source: { kind: 'reference', ref },
      command: file,
      args,
      cwd: process.cwd(),
      isInteractive: interactive,
      print: (chunk, stream) => process[stream].write(chunk),
    });
    return code;
  } finally {
    session.dispose();
  }
}
