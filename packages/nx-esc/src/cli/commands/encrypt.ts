import type { DeclareCommand } from '../command';

interface Flags {
  readonly check: boolean;
  readonly staged: boolean;
}

export const declareEncrypt: DeclareCommand = (program, context) => {
  program
    .command('encrypt')
    .description('encrypt the secrets that stand in plain text in the files of environments')
    .argument('[refs...]', 'environments, by their names or files; all of the workspace unless given')
    .option('--check', 'change nothing, and fail where there is plain text', false)
    .option('--staged', 'check what the next commit will hold', false)
    .action(async (refs: readonly string[], { check, staged }: Flags) => {
      const { encryptCommand, encryptCheckCommand } =
        require('../encrypt-command') as typeof import('../encrypt-command');
      const workspaceRoot = context.workspaceRoot();
      if (check || staged) await encryptCheckCommand({ workspaceRoot, refs, staged });
      else await encryptCommand({ workspaceRoot, refs });
    });
};
