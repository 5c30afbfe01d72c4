import type { DeclareCommand } from '../command';

export const declareRotate: DeclareCommand = (program, context) => {
  program
    .command('rotate')
    .description('rotate secrets of an environment, and write their new states back encrypted')
    .argument('<ref>', 'environment, by its name or its file')
    .argument('[paths...]', 'secrets to rotate, such as database.password; all of the environment unless given')
    .option('--dry-run', 'say what would be rotated, and rotate nothing', false)
    .action(async (ref: string, paths: readonly string[], flags: { readonly dryRun: boolean }) => {
      const { rotateCommand } = require('../rotate-command') as typeof import('../rotate-command');
      await rotateCommand({ workspaceRoot: context.workspaceRoot(), ref, paths, ...flags });
    });
};
