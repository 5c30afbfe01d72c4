import type { DeclareCommand } from '../command';

export const declareMask: DeclareCommand = (program, context) => {
  program
    .command('mask')
    .description('have GitHub Actions mask the secrets of environments in the rest of the job')
    .argument('<refs...>', 'environments: [organization/]project/environment')
    .action(async (refs: readonly string[]) => {
      const { maskCommand } = require('../mask-command') as typeof import('../mask-command');
      await maskCommand({ workspaceRoot: context.workspaceRoot(), refs });
    });
};
