import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { Command, CommanderError } from 'commander';
import { checkCommand } from './check-command';
import { openCommand } from './open-command';
import { runCommand } from './run-command';
import { describeFailure, exitCodeOf } from '../failures/describe-failure';
import { EXIT_CODES, Failure } from '../failures/failure';

const USAGE_ERROR = EXIT_CODES.config;

/** The `nx-esc` command. Sets the exit code: 0, or that of the class of the failure. */
export async function main(args: readonly string[]): Promise<void> {
  let workspaceRoot = process.cwd();
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
  const root = (): string => {
    const found = findWorkspaceRoot(process.cwd());
    onRoot(found);
    return found;
  };

  program
    .command('open')
    .description('open an environment and print it')
    .argument('<ref>', 'environment: [organization/]project/environment')
    .argument('[path]', 'property to print, such as urls.api')
    .option('-f, --format <format>', 'json, yaml, string, detailed, dotenv or shell', 'json')
    .option('--redact', 'show secrets as [secret]', false)
    .action(async (ref: string, path: string | undefined, options: { format: string; redact: boolean }) => {
      await openCommand({ workspaceRoot: root(), ref, ...(path !== undefined && { path }), ...options });
    });

  program
    .command('run')
    .description('run a command with the variables and files of an environment')
    .argument('<ref>', 'environment: [organization/]project/environment')
    .argument('<command...>', 'command and its arguments')
    .option('-i, --interactive', 'give the command the terminal; its output is not redacted', false)
    .passThroughOptions()
    .action(async (ref: string, command: readonly string[], { interactive }: { interactive: boolean }) => {
      process.exitCode = await runCommand({ workspaceRoot: root(), ref, command, interactive });
    });

  program
    .command('check')
    .description('check environments without opening anything')
    .argument('[refs...]', 'environments; all of the workspace unless given')
    .action(async (refs: readonly string[]) => {
      await checkCommand({ workspaceRoot: root(), refs });
    });
  return program;
}

function findWorkspaceRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === parse(folder).root) break;
  }
  throw new Failure({
    class: 'config',
    code: 'workspace-not-found',
    message: 'this folder is in no Nx workspace',
    hint: 'go to a folder beneath one with an nx.json',
  });
}
