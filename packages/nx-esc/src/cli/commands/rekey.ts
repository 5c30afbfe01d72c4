import type { DeclareCommand } from '../command';

export const declareRekey: DeclareCommand = (program, context) => {
  program
    .command('rekey')
    .description('encrypt for the recipients of the workspace, after some were added or removed')
    .option('--all', 'make new keys and encrypt every secret anew', false)
    .option('--prune', 'remove old keys that no file uses any more', false)
    .action(async (flags: { readonly all: boolean; readonly prune: boolean }) => {
      const { rekeyCommand } = require('../rekey-command') as typeof import('../rekey-command');
      await rekeyCommand({ workspaceRoot: context.workspaceRoot(), ...flags });
    });
};
