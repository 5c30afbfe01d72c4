import { mapBounded } from '../network/map-bounded';
import { compareSides } from '../synchronization/compare-sides';
import { describeChanges } from '../synchronization/refusal';
import { renderStatus, statusData, type StatusRow } from '../synchronization/render';
import { printEnvironments } from './print-environments';
import { selectEnvironments, type Selection, withSync } from './sync-session';

export interface StatusCommandOptions extends Selection {
  readonly workspaceRoot: string;
  readonly format: string;
  /** Whether the exit code says that there are differences. */
  readonly exitCode: boolean;
}

const MOST_AT_A_TIME = 8;

/** Prints how the files of environments and the service stand to each other, and answers the exit code. */
export async function statusCommand({
  workspaceRoot,
  format,
  exitCode,
  ...selection
}: StatusCommandOptions): Promise<number> {
  return withSync(workspaceRoot, async (session) => {
    const isAll = selection.names.length === 0 && !selection.affected;
    const names = await selectEnvironments(session, { ...selection, all: isAll }, { includesRemote: true });
    const rows = await mapBounded(names, MOST_AT_A_TIME, async (name): Promise<StatusRow> => {
      const comparison = await compareSides(session.sync, name);
      const isChanged = comparison.state === 'behind' || comparison.state === 'diverged';
      const changes = isChanged ? await describeChanges(session.sync, comparison) : undefined;
      return { comparison, ...(changes !== undefined && { changes }) };
    });
    printEnvironments(
      format,
      () => renderStatus(rows),
      () => statusData(rows),
    );
    return exitCode && rows.some(({ comparison }) => comparison.state !== 'in-sync') ? 1 : 0;
  });
}
