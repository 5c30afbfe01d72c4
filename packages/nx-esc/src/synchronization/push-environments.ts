import { relative } from 'node:path';
import { Failure } from '../failures/failure';
import { mapBounded } from '../network/map-bounded';
import { buildEntityGraph } from '../workspace/entity-graph';
import { checkBeforePush, locating } from './check-before-push';
import { compareSides, type SideComparison } from './compare-sides';
import { holdNothing, leavesOf } from './definition-leaves';
import { importsOf, wavesOf } from './import-order';
import { refusalOf } from './refusal';
import type { RemoteEnvironment } from './remote-environments';
import { sendableText } from './sendable-text';
import type { SyncContext } from './sync-context';

export interface PushOptions {
  /** Takes what is there for overwritten, as it is when it is read. */
  readonly force: boolean;
  /** Whether files may be pushed that are not committed as they are. */
  readonly allowsUncommitted: boolean;
  /** Looks, and writes nothing. */
  readonly isDryRun: boolean;
  /** Told of each environment as soon as it is done. */
  readonly onDone?: (pushed: PushedEnvironment) => void;
}

export interface PushedEnvironment {
  readonly comparison: SideComparison;
  readonly action: 'create' | 'update' | 'none';
  readonly outcome: 'done' | 'planned' | 'failed' | 'skipped';
  /** The revision that the service has now. */
  readonly revision?: number;
  /** Paths of the secrets that were opened and sent. */
  readonly opened: readonly string[];
  readonly notes: readonly string[];
  readonly error?: unknown;
  readonly milliseconds: number;
}

const MOST_AT_A_TIME = 8;

/**
 * Brings the service to the files: what is imported first, side by side where nothing depends on the other. All is compared
 * and checked before anything is written. After a failure nothing new is begun; what was done stays, and a repetition
 * does the rest.
 *
 * @throws Failure config/remote-ahead, config/file-not-committed, those of checks
 */
export async function pushEnvironments(
  context: SyncContext,
  names: readonly string[],
  options: PushOptions,
): Promise<PushedEnvironment[]> {
  const graph = buildEntityGraph(context.index);
  const all = [...new Set(names.flatMap((name) => [name, ...importsOf(name, graph).closure]))].sort();
  const comparisons = new Map(
    (await mapBounded(all, MOST_AT_A_TIME, (name) => compareSides(context, name))).map((each) => [each.name, each]),
  );
  const isPushed = ({ name, state }: SideComparison): boolean =>
    state === 'ahead' || state === 'only-here' || (options.force && names.includes(name) && isInTheWay(state));
  const toPush = [...comparisons.values()].filter(isPushed);
  // An import that is merely behind has nothing to push, and was not asked for.
  const refused = [...comparisons.values()]
    .filter(({ name, state }) => state === 'diverged' || (state === 'behind' && names.includes(name)))
    .filter((each) => !isPushed(each));
  if (refused.length > 0) throw await refusalOf(context, refused, 'push');
  if (!options.allowsUncommitted) await refuseUncommitted(context, toPush);
  const pushed = new Set(toPush.map(({ name }) => name));
  await mapBounded(toPush, MOST_AT_A_TIME, (each) => checkBeforePush(context, each, graph, pushed));
  const pushing = new Pushing(context, options, pushed, await headOf(context));
  const results: PushedEnvironment[] = [];
  for (const wave of wavesOf(all, graph)) {
    results.push(
      ...(await mapBounded(wave, MOST_AT_A_TIME, (name) => pushing.run(comparisons.get(name) as SideComparison))),
    );
  }
  return results.sort((a, b) => (a.comparison.name < b.comparison.name ? -1 : 1));
}

class Pushing {
  #hasFailed = false;

  constructor(
    readonly context: SyncContext,
    readonly options: PushOptions,
    readonly pushed: ReadonlySet<string>,
    readonly commit: string | undefined,
  ) {}

  async run(comparison: SideComparison): Promise<PushedEnvironment> {
    const started = Date.now();
    const { remote, notes, name } = comparison;
    const isPushed = this.pushed.has(name);
    const result = {
      comparison,
      action: !isPushed ? 'none' : remote === undefined ? 'create' : 'update',
      opened: [],
      notes,
      ...(remote !== undefined && { revision: remote.revision }),
    } as const;
    const end = (rest: Pick<PushedEnvironment, 'outcome'> & Partial<PushedEnvironment>): PushedEnvironment => {
      const ended = { ...result, ...rest, milliseconds: Date.now() - started };
      this.options.onDone?.(ended);
      return ended;
    };
    if (this.options.isDryRun) return end({ outcome: isPushed ? 'planned' : 'done' });
    if (this.#hasFailed || this.context.signal.aborted) return end({ outcome: isPushed ? 'skipped' : 'done' });
    try {
      if (isPushed) return end({ outcome: 'done', ...(await this.#push(comparison)) });
      return end({ outcome: 'done', notes: [...notes, ...(await this.#markUnmarked(comparison))] });
    } catch (error) {
      this.#hasFailed = true;
      return end({ outcome: 'failed', error });
    }
  }

  async #push(comparison: SideComparison): Promise<Pick<PushedEnvironment, 'revision' | 'opened' | 'notes'>> {
    const { context } = this;
    const { name, path = '' } = comparison;
    const remote = comparison.remote ?? (await this.#create(name));
    const { text, opened } = await sendableText(comparison, context.keyring);
    let revision: number;
    try {
      ({ revision } = await locating(context, path, () => context.remotes.update(name, text, remote.etag)));
    } catch (error) {
      revision = await this.#revisionOfLostAnswer(comparison, error);
    }
    return { revision, opened, notes: [...comparison.notes, ...(await this.#mark(comparison, remote, revision))] };
  }

  /** What somebody else has created at the same time is theirs. */
  async #create(name: string): Promise<RemoteEnvironment> {
    const created = await this.context.remotes.create(name);
    if (created.mark === undefined && holdNothing(leavesOf(name, created.text, () => ''))) return created;
    throw new Failure({
      class: 'config',
      code: 'remote-changed',
      message: `${name} was created in the service meanwhile`,
      hint: 'nothing was overwritten: run it again',
    });
  }

  /** The answer to an update may be lost when the update was made. */
  async #revisionOfLostAnswer({ name }: SideComparison, error: unknown): Promise<number> {
    const mayBeDone = error instanceof Failure && error.code === 'pulumi-cloud-unreachable';
    if (!mayBeDone || this.context.signal.aborted) throw error;
    const again = await compareSides(this.context, name).catch(() => undefined);
    if (again?.state !== 'in-sync' || again.remote === undefined) throw error;
    return again.remote.revision;
  }

  /** A branch that was merged as one commit, and removed, is known to nobody else: what it has pushed is taken over. */
  async #markUnmarked(comparison: SideComparison): Promise<string[]> {
    const { isUnmarked, remote, state } = comparison;
    if (remote === undefined || state !== 'in-sync') return [];
    const commit = remote.mark?.commit;
    const isLost = commit !== undefined && (await this.context.git.relationOf(commit)) === 'unknown';
    return isUnmarked || isLost ? this.#mark(comparison, remote, remote.revision) : [];
  }

  /** Without a mark the next comparison has to open secrets, and finds out as well. */
  async #mark({ name, file }: SideComparison, { tag }: RemoteEnvironment, revision: number): Promise<string[]> {
    if (file === undefined) return [];
    const { commit } = this;
    const mark = { revision, file: file.id, ...(commit !== undefined && { commit }) };
    try {
      await this.context.remotes.writeMark(name, mark, tag);
      return [];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return [`it could not be marked: ${error.message}`];
    }
  }
}

function isInTheWay(state: SideComparison['state']): boolean {
  return state === 'behind' || state === 'diverged';
}

/** What is pushed is what was reviewed: other clones could not tell where a draft has come from. */
async function refuseUncommitted(
  { git, workspaceRoot }: SyncContext,
  toPush: readonly SideComparison[],
): Promise<void> {
  const files = toPush.map(({ path = '' }) => relative(workspaceRoot, path));
  const committed = await git.readFiles('HEAD', files);
  const draft = toPush.find(({ file }, at) => {
    const text = committed.get(files[at] as string)?.toString();
    return withoutCarriageReturns(text) !== withoutCarriageReturns(file?.text);
  });
  if (draft === undefined) return;
  throw new Failure({
    class: 'config',
    code: 'file-not-committed',
    message: `${draft.name} has changes that are not committed`,
    hint: 'commit them, or push a draft: --uncommitted',
    location: { file: draft.path ?? '' },
  });
}

function withoutCarriageReturns(text: string | undefined): string | undefined {
  return text?.replaceAll('\r\n', '\n');
}

async function headOf({ git }: SyncContext): Promise<string | undefined> {
  try {
    return await git.commitOf('HEAD');
  } catch {
    return undefined;
  }
}
