import type { DeclareCommand } from '../command';

interface Flags {
  readonly env?: string;
  readonly since?: string;
  readonly format: string;
}

export const declareAudit: DeclareCommand = (program, context) => {
  program
    .command('audit')
    .description('show what was opened and deployed on this machine, by whom, and how it ended')
    .option('-e, --env <environment>', 'only environments and stacks of this name, such as staging or api/staging')
    .option('--since <time>', 'a date, or how long ago: 2026-11-01, 90m, 24h, 7d')
    .option('-f, --format <format>', 'table or json', 'table')
    .action(async ({ env, since, format }: Flags) => {
      const { auditCommand } = require('../audit-command') as typeof import('../audit-command');
      auditCommand({
        workspaceRoot: context.workspaceRoot(),
        format,
        ...(env !== undefined && { environment: env }),
        ...(since !== undefined && { since }),
      });
    });
};
