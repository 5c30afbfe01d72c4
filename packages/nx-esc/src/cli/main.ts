import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands';
import { describeFailure, exitCodeOf } from '../failures/describe-failure';
import { EXIT_CODES } from '../failures/failure';
import { findWorkspaceRoot } from './workspace-root';

const USAGE_ERROR = EXIT_CODES.config;

/** The `nx-esc` command. Sets the exit code: 0, or that of the class of the failure. */
export async function main(args: readonly string[]): Promise<void> {
  let workspaceRoot = process.cwd();
  // A reader such as `head` may have seen enough.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));
  try {
    const program = createProgram((root) => (workspaceRoot = root));
    await program.parseAsync(args as string[], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
      return;
    }
    console.error(describeFailure(error, workspaceRoot));
    process.exitCode = exitCodeOf(error);
  }
}

function createProgram(onRoot: (root: string) => void): Command {
  const program = new Command('nx-esc')
    .description('Pulumi ESC environments of an Nx workspace, without the start-up of Nx')
    .exitOverride()
    .enablePositionalOptions();
  const workspaceRoot = (): string => {
    const found = findWorkspaceRoot(process.cwd());
    onRoot(found);
    return found;
  };
  for (const declare of COMMANDS) declare(program, { workspaceRoot });
  return program;
}
