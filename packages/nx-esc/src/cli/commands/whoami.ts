import type { DeclareCommand } from '../command';

interface Flags {
  readonly env?: string;
  readonly format: string;
}

export const declareWhoami: DeclareCommand = (program, context) => {
  program
    .command('whoami')
    .description('tell which AWS identities an environment is deployed and read with')
    .argument('[project]', 'project, where nx.json gives it roles of its own')
    .option('-e, --env <environment>', 'environment; only the session of this machine unless given')
    .option('-f, --format <format>', 'table or json', 'table')
    .action(async (project: string | undefined, { env, format }: Flags) => {
      const { whoamiCommand } = require('../whoami-command') as typeof import('../whoami-command');
      await whoamiCommand({
        workspaceRoot: context.workspaceRoot(),
        format,
        ...(project !== undefined && { project }),
        ...(env !== undefined && { environment: env }),
      });
    });
};
