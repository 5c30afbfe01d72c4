import type { DeclareCommand } from '../command';

interface Flags {
  readonly interactive: boolean;
  readonly watch: boolean;
  readonly pristine: boolean;
  readonly only?: readonly string[];
  readonly lifetime?: string;
  readonly refresh: boolean;
  readonly local: boolean;
  readonly backend?: string;
}

export const declareRun: DeclareCommand = (program, context) => {
  program
    .command('run')
    .description('run a command with the variables and files of an environment')
    .argument('<ref>', 'environment: [organization/]project/environment')
    .argument('<command...>', 'command and its arguments')
    .option('-i, --interactive', 'give the command the terminal; its output is not redacted', false)
    .option('-w, --watch', 'start the command again when its environment changes', false)
    .option('--pristine', 'pass on nothing of the variables here but PATH, HOME, TERM and the like', false)
    .option('--only <names>', 'variables and files to pass on, separated by commas', splitNames)
    .option('--lifetime <time>', 'keep the environment, encrypted, and take that until then: 2h, 90m')
    .option('--refresh', 'open the environment again although it is kept', false)
    .option('--no-local', 'leave out the personal overlay')
    .option('--backend <backend>', 'where it is opened: local, cloud or cli; as nx.json says unless given')
    .passThroughOptions()
    .action(async (ref: string, command: readonly string[], flags: Flags) => {
      const { runCommand } = require('../run-command') as typeof import('../run-command');
      process.exitCode = await runCommand({ workspaceRoot: context.workspaceRoot(), ref, command, ...flags });
    });
};

function splitNames(names: string): string[] {
  return names.split(',').filter(Boolean);
}
