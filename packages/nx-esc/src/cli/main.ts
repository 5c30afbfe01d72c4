import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { Command, CommanderError } from 'commander';
import { affectedCommand } from './affected-command';
import { checkCommand } from './check-command';
import { graphCommand } from './graph-command';
import { openCommand } from './open-command';
import { runCommand } from './run-command';
import { describeFailure, exitCodeOf } from '../failures/describe-failure';
import { EXIT_CODES, Failure } from '../failures/failure';

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

interface AffectedFlags {
  readonly env?: string;
  readonly base?: string;
  readonly head?: string;
  readonly format: string;
  readonly downstream: boolean;
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

  program
    .command('affected')
    .description('list the stacks that a change reaches, by what they would receive')
    .option('-e, --env <environment>', 'only stacks of this name')
    .option('--base <revision>', 'revision to compare with (NX_BASE, else the default branch of nx.json)')
    .option('--head <revision>', 'newer revision (NX_HEAD, else the files as they are)')
    .option('-f, --format <format>', 'table, json, or projects for nx run-many -p', 'table')
    .option('--downstream', 'also stacks that read outputs of these: they may come to receive others', false)
    .action(async ({ env, downstream, ...options }: AffectedFlags) => {
      await affectedCommand({
        workspaceRoot: root(),
        ...options,
        includesDownstream: downstream,
        ...(env !== undefined && { environment: env }),
      });
    });

  program
    .command('graph')
    .description('draw stacks and environments, with what makes them depend on one another')
    .argument('[names...]', 'stacks, environments or projects to start from; all unless given')
    .option('-e, --env <environment>', 'only stacks and environments of this name, and what they rest on')
    .option('-f, --format <format>', 'tree, json, mermaid, dot or html', 'tree')
    .option('-o, --output <file>', 'file to write instead of standard output')
    .action((names: readonly string[], { env, ...options }: { env?: string; format: string; output?: string }) => {
      graphCommand({ workspaceRoot: root(), names, ...options, ...(env !== undefined && { environment: env }) });
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
