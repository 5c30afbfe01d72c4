import type { DeclareCommand } from '../command';

interface Flags {
  readonly env?: string;
  readonly format: string;
  readonly output?: string;
  readonly affected: boolean;
  readonly base?: string;
  readonly head?: string;
}

export const declareGraph: DeclareCommand = (program, context) => {
  program
    .command('graph')
    .description('draw stacks and environments, with what makes them depend on one another')
    .argument('[names...]', 'stacks, environments or projects to start from; all unless given')
    .option('-e, --env <environment>', 'only stacks and environments of this name, and what they rest on')
    .option('-f, --format <format>', 'tree, json, mermaid, dot, html; matrix, waves for a CI', 'tree')
    .option('-o, --output <file>', 'file to write instead of standard output')
    .option('--affected', 'only stacks that a change reaches, and what reads them', false)
    .option('--base <revision>', 'revision that --affected compares with (NX_BASE, else the default branch of nx.json)')
    .option('--head <revision>', 'newer revision of --affected (NX_HEAD, else the files as they are)')
    .action(async (names: readonly string[], { env, affected, ...flags }: Flags) => {
      const { graphCommand } = require('../graph-command') as typeof import('../graph-command');
      await graphCommand({
        workspaceRoot: context.workspaceRoot(),
        names,
        onlyAffected: affected,
        ...flags,
        ...(env !== undefined && { environment: env }),
      });
    });
};
