import type { DeclareCommand } from '../command';

export const declareSecret: DeclareCommand = (program, context) => {
  const secret = program.command('secret').description('change the encrypted secrets of an environment');
  const declare = (name: string, description: string): ReturnType<typeof secret.command> =>
    secret.command(name).description(description).argument('<ref>', 'environment, by its name or its file');
  const path = ['<path>', 'path beneath values, such as database.password'] as const;

  declare('set', 'encrypt a value from standard input, a file or the terminal')
    .argument(...path)
    .option('--file <file>', 'file that holds the value, as it is')
    .action(async (ref: string, at: string, { file }: { readonly file?: string }) => {
      const { secretSetCommand } = require('../secret-command') as typeof import('../secret-command');
      await secretSetCommand({
        workspaceRoot: context.workspaceRoot(),
        ref,
        path: at,
        ...(file !== undefined && { file }),
      });
    });
  declare('get', 'print a secret')
    .argument(...path)
    .action(async (ref: string, at: string) => {
      const { secretGetCommand } = require('../secret-command') as typeof import('../secret-command');
      await secretGetCommand({ workspaceRoot: context.workspaceRoot(), ref, path: at });
    });
  declare('rm', 'remove a secret')
    .argument(...path)
    .action(async (ref: string, at: string) => {
      const { secretRemoveCommand } = require('../secret-command') as typeof import('../secret-command');
      await secretRemoveCommand({ workspaceRoot: context.workspaceRoot(), ref, path: at });
    });
  declare('ls', 'list secrets by their paths, without opening any').action(async (ref: string) => {
    const { secretListCommand } = require('../secret-command') as typeof import('../secret-command');
    await secretListCommand({ workspaceRoot: context.workspaceRoot(), ref });
  });
  declare('edit', 'edit the file of an environment with its secrets decrypted').action(async (ref: string) => {
    const { secretEditCommand } = require('../secret-edit-command') as typeof import('../secret-edit-command');
    await secretEditCommand({ workspaceRoot: context.workspaceRoot(), ref });
  });
};
