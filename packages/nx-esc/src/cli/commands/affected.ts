import type { DeclareCommand } from '../command';

interface Flags {
  readonly env?: string;
  readonly base?: string;
  readonly head?: string;
  readonly format: string;
  readonly downstream: boolean;
}

export const declareAffected: DeclareCommand = (program, context) => {
  program
    .command('affected')
    .description('list the stacks that a change reaches, by what they would receive')
    .option('-e, --env <environment>', 'only stacks of this name')
    .option('--base <revision>', 'revision to compare with (NX_BASE, else the default branch of nx.json)')
    .option('--head <revision>', 'newer revision (NX_HEAD, else the files as they are)')
    .option(
      '-f, --format <format>',
      'table, json, markdown; projects for nx run-many -p; run-many for xargs nx',
      'table',
    )
    .option('--downstream', 'also stacks that read outputs of these: they may come to receive others', false)
    .action(async ({ env, downstream, ...flags }: Flags) => {
      const { affectedCommand } = require('../affected-command') as typeof import('../affected-command');
      await affectedCommand({
        workspaceRoot: context.workspaceRoot(),
        ...flags,
        includesDownstream: downstream,
        ...(env !== undefined && { environment: env }),
      });
    });
};
