import { createHash } from 'node:crypto';
import { describeFailure } from '../failures/describe-failure';
import { Failure } from '../failures/failure';
import { type PushedEnvironment, pushEnvironments } from '../synchronization/push-environments';
import { pushedData, renderPushed } from '../synchronization/render';
import { assertPrintable, printEnvironments } from './print-environments';
import { selectEnvironments, type Selection, type SyncSession, withSync } from './sync-session';

export interface PushCommandOptions extends Selection {
  readonly workspaceRoot: string;
  readonly format: string;
  readonly force: boolean;
  readonly uncommitted: boolean;
  readonly dryRun: boolean;
}

/**
 * Brings the service to the files, and prints what was done.
 *
 * @throws Failure the first of those of environments, and those of pushEnvironments
 */
export async function pushCommand(command: PushCommandOptions): Promise<void> {
  const { workspaceRoot, format, force, uncommitted, dryRun, ...selection } = command;
  assertPrintable(format);
  await withSync(workspaceRoot, async (session) => {
    const names = await selectEnvironments(session, selection, { includesRemote: false });
    const pushed = await pushEnvironments(session.sync, names, {
      force,
      allowsUncommitted: uncommitted,
      isDryRun: dryRun,
      onDone: (each) => record(session, each),
    });
    printEnvironments(
      format,
      () => (pushed.length === 0 ? 'nothing is affected\n' : renderPushed(pushed)),
      () => pushedData(pushed),
    );
    session.services.signal.throwIfAborted();
    refuseFailed(pushed, workspaceRoot);
  });
}

function refuseFailed(pushed: readonly PushedEnvironment[], workspaceRoot: string): void {
  const failed = pushed.filter(({ outcome }) => outcome === 'failed');
  const skipped = pushed.filter(({ outcome }) => outcome === 'skipped').length;
  const [first] = failed;
  if (first === undefined) return;
  if (!(first.error instanceof Failure) || (failed.length === 1 && skipped === 0)) throw first.error;
  const { failureClass, exitCode } = first.error;
  throw new Failure({
    class: 'config',
    code: 'push-failed',
    exitCode,
    message: `${failed.length} of ${pushed.length} environments could not be pushed (${failureClass})${skipped === 0 ? '' : `, ${skipped} ${skipped === 1 ? 'was' : 'were'} left out`}`,
    hint: 'push again when the reasons are gone: what was pushed is not pushed twice',
    details: failed.map(({ error }) => describeFailure(error, workspaceRoot)),
  });
}

function record({ services }: SyncSession, pushed: PushedEnvironment): void {
  const { comparison, action, outcome, opened, error, milliseconds } = pushed;
  if (action === 'none' || outcome === 'planned' || outcome === 'skipped') return;
  services.audit?.record({
    time: new Date(Date.now() - milliseconds).toISOString(),
    operation: 'push',
    environment: comparison.name,
    contentHash: createHash('sha256')
      .update(comparison.file?.text ?? '')
      .digest('hex'),
    ...(opened.length > 0 && { secrets: opened }),
    outcome: outcome === 'done' ? 'succeeded' : 'failed',
    ...(error instanceof Failure && { class: error.failureClass, code: error.code }),
    milliseconds,
  });
}
