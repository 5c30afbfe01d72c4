import { Failure } from '../failures/failure';
import type { SideComparison } from './compare-sides';
import type { SyncContext } from './sync-context';

const LAST_REVISIONS = 20;

/**
 * A failure for environments of which the service has changes that the files lack: who made them, and what to do.
 */
export async function refusalOf(
  context: SyncContext,
  refused: readonly SideComparison[],
  doing: 'push' | 'pull',
): Promise<Failure> {
  const lines = await Promise.all(refused.map((comparison) => describe(context, comparison)));
  const names = refused.map(({ name }) => name).join(' ');
  const isBehind = refused.every(({ state }) => state === 'behind');
  const pull = isBehind ? `take them over: nx-esc pull ${names}` : `look at them: nx-esc diff <environment> --remote`;
  const hint =
    doing === 'push'
      ? `${pull}; --force overwrites them`
      : `look at them: nx-esc diff <environment> --remote; --force overwrites the file`;
  return new Failure({
    class: 'config',
    code: 'remote-ahead',
    message:
      refused.length === 1
        ? `${lines[0]}; nothing was written`
        : `${refused.length} environments have changes in the service that the files lack; nothing was written`,
    hint,
    ...(refused.length > 1 && { details: lines }),
    ...(refused.length === 1 && refused[0]?.path !== undefined && { location: { file: refused[0].path } }),
  });
}

/** Who has changed an environment in the service since it was pushed. */
export async function describeChanges(
  { remotes }: SyncContext,
  { name, remote }: SideComparison,
): Promise<string | undefined> {
  if (remote === undefined) return undefined;
  const since = remote.mark?.revision ?? 0;
  try {
    const revisions = (await remotes.revisions(name, LAST_REVISIONS)).filter(({ number }) => number > since);
    const [last] = revisions;
    if (last === undefined) return `revision ${remote.revision}`;
    const authors = [...new Set(revisions.map(({ creator }) => creator).filter(Boolean))].join(', ');
    const count = since === 0 || revisions.length === 1 ? '' : `, ${revisions.length} revisions since it was pushed`;
    return `revision ${last.number}${authors === '' ? '' : ` by ${authors}`}, ${last.created}${count}`;
  } catch (error) {
    if (error instanceof Failure) return `revision ${remote.revision}`;
    throw error;
  }
}

async function describe(context: SyncContext, comparison: SideComparison): Promise<string> {
  const changes = await describeChanges(context, comparison);
  const { name, state, notes } = comparison;
  const what = state === 'behind' ? 'was changed in the service' : 'was changed on both sides';
  return `${name} ${what} (${[changes, ...notes].filter(Boolean).join('; ')})`;
}
