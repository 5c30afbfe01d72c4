import type { DeclareCommand } from '../command';

export const declareCheck: DeclareCommand = (program, context) => {
  program
    .command('check')
    .description('check environments without opening anything')
    .argument('[refs...]', 'environments; all of the workspace unless given')
    .action(async (refs: readonly string[]) => {
      const { checkCommand } = require('../check-command') as typeof import('../check-command');
      await checkCommand({ workspaceRoot: context.workspaceRoot(), refs });
    });
};
