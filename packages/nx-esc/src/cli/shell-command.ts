import { basename } from 'node:path';
import { Failure } from '../failures/failure';
import { type RunCommandRequest, runInEnvironment } from '../deployment/run-command';
import { processEnvironment } from '../workspace/process-environment';
import { startCliSession } from './cli-session';
import { type OpeningOptions, openForUser } from './opened-session';

/** Names the environment of a shell, for its prompt, and tells that there is one. */
const MARKER = 'NX_ESC_ENVIRONMENT';

export interface ShellCommandOptions extends OpeningOptions {
  /** Program to start; the user's own shell unless given. */
  readonly shell?: string;
  /** Whether a shell within a shell is meant. */
  readonly nested: boolean;
}

/**
 * Starts an interactive shell with an environment and answers its exit code.
 *
 * @throws Failure config/shell-nested
 */
export async function shellCommand(options: ShellCommandOptions): Promise<number> {
  const { workspaceRoot, ref, nested } = options;
  const env = processEnvironment();
  const outer = env[MARKER];
  if (outer !== undefined && !nested) {
    throw new Failure({
      class: 'config',
      code: 'shell-nested',
      message: `this shell already has the environment ${outer}`,
      hint: 'leave it with exit first, or add --nested for a shell within it',
    });
  }
  const session = startCliSession(workspaceRoot, options.backend);
  try {
    const { services } = session;
    const shell = options.shell ?? userShell(env);
    services.reporter.note(`a ${basename(shell)} with ${ref}; leave it with exit`);
    const request: RunCommandRequest = {
      source: { kind: 'reference', ref },
      command: shell,
      args: [],
      cwd: process.cwd(),
      isInteractive: true,
      extra: { [MARKER]: ref },
      print: (chunk, stream) => process[stream].write(chunk),
    };
    const { code } = await runInEnvironment(services, request, () => openForUser(session, options));
    return code;
  } finally {
    session.dispose();
  }
}

function userShell(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32') return env.PSModulePath === undefined ? (env.ComSpec ?? 'cmd.exe') : 'pwsh';
  return env.SHELL || '/bin/sh';
}
