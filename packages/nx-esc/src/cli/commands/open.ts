import type { DeclareCommand } from '../command';

interface Flags {
  readonly format: string;
  readonly redact: boolean;
}

export const declareOpen: DeclareCommand = (program, context) => {
  program
    .command('open')
    .description('open an environment and print it')
    .argument('<ref>', 'environment: [organization/]project/environment')
    .argument('[path]', 'property to print, such as urls.api')
    .option('-f, --format <format>', 'json, yaml, string, detailed, dotenv or shell', 'json')
    .option('--redact', 'show secrets as [secret]', false)
    .action(async (ref: string, path: string | undefined, flags: Flags) => {
      const { openCommand } = require('../open-command') as typeof import('../open-command');
      await openCommand({ workspaceRoot: context.workspaceRoot(), ref, ...(path !== undefined && { path }), ...flags });
    });
};
