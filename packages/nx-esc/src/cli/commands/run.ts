import type { DeclareCommand } from '../command';

export const declareRun: DeclareCommand = (program, context) => {
  program
    .command('run')
    .description('run a command with the variables and files of an environment')
    .argument('<ref>', 'environment: [organization/]project/environment')
    .argument('<command...>', 'command and its arguments')
    .option('-i, --interactive', 'give the command the terminal; its output is not redacted', false)
    .passThroughOptions()
    .action(async (ref: string, command: readonly string[], { interactive }: { interactive: boolean }) => {
      const { runCommand } = require('../run-command') as typeof import('../run-command');
      process.exitCode = await runCommand({ workspaceRoot: context.workspaceRoot(), ref, command, interactive });
    });
};
