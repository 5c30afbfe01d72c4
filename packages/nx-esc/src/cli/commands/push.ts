import type { DeclareCommand } from '../command';
import { addSelection, type SelectionFlags } from './selection-flags';

interface Flags extends SelectionFlags {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly uncommitted: boolean;
  readonly format: string;
}

export const declarePush: DeclareCommand = (program, context) => {
  addSelection(
    program
      .command('push')
      .description('bring environments in Pulumi Cloud to the files of the workspace, and what they import first'),
  )
    .option('--dry-run', 'say what would be done, and write nothing', false)
    .option('--force', 'overwrite changes that were made in the service', false)
    .option('--uncommitted', 'push files as drafts, as they are, whether or not they are committed', false)
    .option('-f, --format <format>', 'table or json', 'table')
    .action(async (names: readonly string[], flags: Flags) => {
      const { pushCommand } = require('../push-command') as typeof import('../push-command');
      await pushCommand({ workspaceRoot: context.workspaceRoot(), names, ...flags });
    });
};
