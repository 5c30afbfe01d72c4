import type { DeclareCommand } from '../command';

interface Flags {
  readonly env?: string;
  readonly format: string;
  readonly output?: string;
}

export const declareGraph: DeclareCommand = (program, context) => {
  program
    .command('graph')
    .description('draw stacks and environments, with what makes them depend on one another')
    .argument('[names...]', 'stacks, environments or projects to start from; all unless given')
    .option('-e, --env <environment>', 'only stacks and environments of this name, and what they rest on')
    .option('-f, --format <format>', 'tree, json, mermaid, dot, html; matrix, waves for a CI', 'tree')
    .option('-o, --output <file>', 'file to write instead of standard output')
    .action(async (names: readonly string[], { env, ...flags }: Flags) => {
      const { graphCommand } = require('../graph-command') as typeof import('../graph-command');
      graphCommand({
        workspaceRoot: context.workspaceRoot(),
        names,
        ...flags,
        ...(env !== undefined && { environment: env }),
      });
    });
};
