import type { DeclareCommand } from '../command';

interface Flags {
  readonly format: string;
  readonly open: boolean;
  readonly all: boolean;
}

export const declareMatrix: DeclareCommand = (program, context) => {
  program
    .command('matrix')
    .description('show all environments of a project side by side: same, different, missing; secrets are not shown')
    .argument('<project>', 'project with environments')
    .argument('[environments...]', 'columns; the environments that no other builds on unless given')
    .option('-f, --format <format>', 'text, markdown or json', 'text')
    .option('--open', 'open the environments, to compare what providers answer', false)
    .option('--all', 'all values, not only what programs get', false)
    .action(async (project: string, environments: readonly string[], flags: Flags) => {
      const { matrixCommand } = require('../matrix-command') as typeof import('../matrix-command');
      await matrixCommand({ workspaceRoot: context.workspaceRoot(), project, environments, ...flags });
    });
};
