import type { DeclareCommand } from '../command';

interface Flags {
  readonly format: string;
  readonly open: boolean;
  readonly reveal: boolean;
  readonly local: boolean;
}

export const declareExplain: DeclareCommand = (program, context) => {
  program
    .command('explain')
    .description('show where values come from: definitions, imports, stack outputs, secrets')
    .argument('<ref>', 'environment: [organization/]project/environment')
    .argument('[keys...]', 'variables, files, configuration keys or paths; an overview unless given')
    .option('-f, --format <format>', 'text or json', 'text')
    .option('--open', 'open the environment, to show values too', false)
    .option('--reveal', 'show secrets; refused in CI', false)
    .option('--no-local', 'leave out the personal overlay')
    .action(async (ref: string, keys: readonly string[], flags: Flags) => {
      const { explainCommand } = require('../explain-command') as typeof import('../explain-command');
      await explainCommand({ workspaceRoot: context.workspaceRoot(), ref, keys, ...flags });
    });
};
