import type { DeclareCommand } from '../command';

export const declareKeys: DeclareCommand = (program) => {
  const keys = program.command('keys').description('your own private key');
  keys
    .command('new')
    .description('make a private key, and print its public half')
    .option('--passphrase', 'encrypt it with a passphrase', false)
    .action(async (flags: { readonly passphrase: boolean }) => {
      const { keysNewCommand } = require('../keys-command') as typeof import('../keys-command');
      await keysNewCommand(flags);
    });
  keys
    .command('show')
    .description('print the public half of your private key')
    .action(async () => {
      const { keysShowCommand } = require('../keys-command') as typeof import('../keys-command');
      await keysShowCommand();
    });
};
