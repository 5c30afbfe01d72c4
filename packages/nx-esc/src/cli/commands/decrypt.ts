import type { DeclareCommand } from '../command';

interface Flags {
  readonly inPlace: boolean;
  readonly yes: boolean;
}

export const declareDecrypt: DeclareCommand = (program, context) => {
  program
    .command('decrypt')
    .description('print the file of an environment with its secrets decrypted')
    .argument('<ref>', 'environment, by its name or its file')
    .option('--in-place', 'decrypt the file where it stands', false)
    .option('--yes', 'confirm --in-place', false)
    .action(async (ref: string, flags: Flags) => {
      const { decryptCommand } = require('../encrypt-command') as typeof import('../encrypt-command');
      await decryptCommand({ workspaceRoot: context.workspaceRoot(), ref, ...flags });
    });
};
