import { type PulledEnvironment, pullEnvironments } from '../synchronization/pull-environments';
import { pulledData, renderPulled } from '../synchronization/render';
import { assertPrintable, printEnvironments } from './print-environments';
import { selectEnvironments, type Selection, type SyncSession, withSync } from './sync-session';

export interface PullCommandOptions extends Selection {
  readonly workspaceRoot: string;
  readonly format: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** Brings the files to the service, and prints what was done. */
export async function pullCommand(command: PullCommandOptions): Promise<void> {
  const { workspaceRoot, format, force, dryRun, ...selection } = command;
  assertPrintable(format);
  await withSync(workspaceRoot, async (session) => {
    const names = await selectEnvironments(session, selection, { includesRemote: true });
    const pulled = await pullEnvironments(session.sync, names, { force, isDryRun: dryRun });
    if (!dryRun) for (const each of pulled) record(session, each);
    printEnvironments(
      format,
      () => renderPulled(pulled, dryRun),
      () => pulledData(pulled),
    );
  });
}

function record({ services }: SyncSession, { comparison, action, milliseconds }: PulledEnvironment): void {
  if (action === 'none') return;
  services.audit?.record({
    time: new Date(Date.now() - milliseconds).toISOString(),
    operation: 'pull',
    environment: comparison.name,
    outcome: 'succeeded',
    milliseconds,
  });
}
