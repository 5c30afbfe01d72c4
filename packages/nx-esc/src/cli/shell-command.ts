import { basename } from 'node:path';
import { Failure } from '../failures/failure';
import { runInEnvironment } from '../deployment/run-command';
import { personalOverlay } from '../workspace/personal-overlay';
import { processEnvironment } from '../workspace/process-environment';
import { startCliSession } from './cli-session';

/** Names the environment of a shell, for its prompt, and tells that there is one. */
const MARKER = 'NX_ESC_ENVIRONMENT';

export interface ShellCommandOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  /** Program to start; the user's own shell unless given. */
  readonly shell?: string;
  /** Whether a shell within a shell is meant. */
  readonly nested: boolean;
  /** Whether a personal overlay counts. */
  readonly local: boolean;
}

/**
 * Starts an interactive shell with an environment and answers its exit code.
 *
 * @throws Failure config/shell-nested
 */
export async function shellCommand(options: ShellCommandOptions): Promise<number> {
  const { workspaceRoot, ref, nested, local } = options;
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
  const session = startCliSession(workspaceRoot);
  try {
    const { index, services } = session;
    const shell = options.shell ?? userShell(env);
    services.reporter.note(`a ${basename(shell)} with ${ref}; leave it with exit`);
    const { code } = await runInEnvironment(services, {
      source: { kind: 'reference', ref },
      command: shell,
      args: [],
      cwd: process.cwd(),
      isInteractive: true,
      extra: { [MARKER]: ref },
      ...(local && personalOverlay(ref, index, { env, reporter: services.reporter })),
      print: (chunk, stream) => process[stream].write(chunk),
    });
    return code;
  } finally {
    session.dispose();
  }
}

function userShell(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32') return env.PSModulePath === undefined ? (env.ComSpec ?? 'cmd.exe') : 'pwsh';
  return env.SHELL ?? '/bin/sh';
}
