import type { DeclareCommand } from '../command';
import { addSelection, type SelectionFlags } from './selection-flags';

interface Flags extends SelectionFlags {
  readonly exitCode: boolean;
  readonly format: string;
}

export const declareStatus: DeclareCommand = (program, context) => {
  addSelection(
    program.command('status').description('compare environments in Pulumi Cloud with the files of the workspace'),
  )
    .option('--exit-code', 'end with exit code 1 if something is not in sync', false)
    .option('-f, --format <format>', 'table or json', 'table')
    .action(async (names: readonly string[], flags: Flags) => {
      const { statusCommand } = require('../status-command') as typeof import('../status-command');
      process.exitCode = await statusCommand({ workspaceRoot: context.workspaceRoot(), names, ...flags });
    });
};
