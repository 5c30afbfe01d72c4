import type { DeclareCommand } from '../command';
import { addSelection, type SelectionFlags } from './selection-flags';

interface Flags extends SelectionFlags {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly format: string;
}

export const declarePull: DeclareCommand = (program, context) => {
  addSelection(
    program
      .command('pull')
      .description(
        'bring the files of the workspace to environments in Pulumi Cloud, secrets encrypted for its recipients',
      ),
  )
    .option('--dry-run', 'say what would be done, and write nothing', false)
    .option('--force', 'overwrite what the files have and the service lacks', false)
    .option('-f, --format <format>', 'table or json', 'table')
    .action(async (names: readonly string[], flags: Flags) => {
      const { pullCommand } = require('../pull-command') as typeof import('../pull-command');
      await pullCommand({ workspaceRoot: context.workspaceRoot(), names, ...flags });
    });
};
