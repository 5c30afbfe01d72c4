import type { DeclareCommand } from '../command';

interface Flags {
  readonly format: string;
  readonly redact: boolean;
  readonly lifetime?: string;
  readonly refresh: boolean;
  readonly local: boolean;
  readonly backend?: string;
}

export const declareOpen: DeclareCommand = (program, context) => {
  program
    .command('open')
    .description('open an environment and print it')
    .argument('<ref>', 'environment: [organization/]project/environment')
    .argument('[path]', 'property to print, such as urls.api')
    .option(
      '-f, --format <format>',
      'json, yaml, string, detailed, dotenv, shell, fish, powershell, nushell, or variables (flat JSON)',
      'json',
    )
    .option('--redact', 'show secrets as [secret]', false)
    .option('--lifetime <time>', 'keep it, encrypted, and answer from that until then: 2h, 90m')
    .option('--refresh', 'open it again although it is kept', false)
    .option('--no-local', 'leave out the personal overlay')
    .option('--backend <backend>', 'where it is opened: local, cloud or cli; as nx.json says unless given')
    .action(async (ref: string, path: string | undefined, flags: Flags) => {
      const { openCommand } = require('../open-command') as typeof import('../open-command');
      await openCommand({ workspaceRoot: context.workspaceRoot(), ref, ...(path !== undefined && { path }), ...flags });
    });
};
