import type { DeclareCommand } from '../command';

interface Flags {
  readonly shell?: string;
  readonly nested: boolean;
  readonly lifetime?: string;
  readonly refresh: boolean;
  readonly local: boolean;
  readonly backend?: string;
}

export const declareShell: DeclareCommand = (program, context) => {
  program
    .command('shell')
    .description('start a shell with an environment; NX_ESC_ENVIRONMENT names it, for the prompt')
    .argument('<ref>', 'environment: [organization/]project/environment')
    .option('--shell <program>', 'shell to start; yours ($SHELL) unless given')
    .option('--nested', 'start it within a shell that has an environment already', false)
    .option('--lifetime <time>', 'keep the environment, encrypted, and take that until then: 2h, 90m')
    .option('--refresh', 'open the environment again although it is kept', false)
    .option('--no-local', 'leave out the personal overlay')
    .option('--backend <backend>', 'where it is opened: local, cloud or cli; as nx.json says unless given')
    .action(async (ref: string, flags: Flags) => {
      const { shellCommand } = require('../shell-command') as typeof import('../shell-command');
      process.exitCode = await shellCommand({ workspaceRoot: context.workspaceRoot(), ref, ...flags });
    });
};
