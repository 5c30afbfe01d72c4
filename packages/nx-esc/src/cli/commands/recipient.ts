import type { DeclareCommand } from '../command';

interface Flags {
  readonly group: readonly string[];
  readonly passphrase: boolean;
}

export const declareRecipient: DeclareCommand = (program, context) => {
  const recipient = program.command('recipient').description('who can open the secrets of the workspace');
  recipient
    .command('add')
    .description('add a recipient')
    .argument('<name>', 'name of a person or a pipeline')
    .argument('[key]', 'age public key or ARN of a KMS key; yours unless given')
    .option('-g, --group <group...>', 'groups that name their recipients, to add it to', [])
    .option('--passphrase', 'make a recipient of a passphrase', false)
    .action(async (name: string, key: string | undefined, { group, passphrase }: Flags) => {
      const { recipientAddCommand } = require('../recipient-command') as typeof import('../recipient-command');
      const workspaceRoot = context.workspaceRoot();
      await recipientAddCommand({
        workspaceRoot,
        name,
        groups: group,
        passphrase,
        ...(key !== undefined && { key }),
      });
    });
  recipient
    .command('rm')
    .alias('remove')
    .description('remove a recipient')
    .argument('<name>', 'name of the recipient')
    .action(async (name: string) => {
      const { recipientRemoveCommand } = require('../recipient-command') as typeof import('../recipient-command');
      await recipientRemoveCommand({ workspaceRoot: context.workspaceRoot(), name });
    });
  recipient
    .command('ls')
    .description('list recipients')
    .action(async () => {
      const { recipientListCommand } = require('../recipient-command') as typeof import('../recipient-command');
      await recipientListCommand({ workspaceRoot: context.workspaceRoot() });
    });
};
