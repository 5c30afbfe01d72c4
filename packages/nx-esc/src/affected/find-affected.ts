import type { Entity } from '../workspace/entity-graph';
import type { IndexedProject } from '../workspace/workspace-index';
import { type Cause, CauseFinder } from './causes';
import { type ReceivedValue, ReceivedValues } from './received';
import type { Revision } from './revision';

/** Why a stack is to be deployed again. */
export type Reason =
  /** There was no such stack. */
  | { readonly kind: 'new' }
  /** It receives another value, or the text of its own configuration differs. */
  | {
      readonly kind: 'value';
      /** What it receives, such as `environmentVariables.PORT`. */
      readonly key: string;
      readonly change: 'added' | 'removed' | 'changed';
      /** Keys whose text differs, and on which the value rests. */
      readonly causes: readonly Cause[];
    }
  /** A file of its program, or of what that is built from, differs. */
  | { readonly kind: 'program'; readonly file: string }
  /** A stack whose outputs it reads is to be deployed again. */
  | { readonly kind: 'upstream'; readonly stack: string };

export interface AffectedStack {
  /** Name of the Nx project. */
  readonly project: string;
  /** `project/stack` */
  readonly stack: string;
  readonly environment: string;
  readonly reasons: readonly Reason[];
}

export interface AffectedRequest {
  readonly base: Revision;
  readonly head: Revision;
  /** Files that differ between the two. */
  readonly changed: readonly string[];
  /** Only stacks of this name; all unless given. */
  readonly environment?: string;
  /** Whether stacks count that read the outputs of affected ones, since these may come to differ. */
  readonly includesDownstream: boolean;
  /** Files among those that differ which the program of a project is built from. */
  readonly programFilesOf: (project: string) => readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Finds the stacks that a change reaches, by what they and their commands receive: their environments are evaluated at
 * both revisions, and nothing is opened. Only environments with a file that differs are evaluated.
 */
export async function findAffectedStacks(request: AffectedRequest): Promise<AffectedStack[]> {
  const { head, environment } = request;
  const stacks = [...head.graph.entities.values()].filter(({ kind }) => kind === 'stack');
  const search = new AffectedSearch(request);
  const reasons = new Map<string, Reason[]>();
  for (const stack of stacks) {
    const found = await search.reasonsFor(stack);
    if (found.length > 0) reasons.set(stack.id, found);
  }
  if (request.includesDownstream) followUpstream(head, stacks, reasons);
  return stacks.flatMap(({ id, name, project, environment: ownEnvironment }) => {
    const found = reasons.get(id);
    if (found === undefined || project === undefined || ownEnvironment === undefined) return [];
    if (environment !== undefined && ownEnvironment !== environment) return [];
    return [{ project, stack: name, environment: ownEnvironment, reasons: found }];
  });
}

/** What reads the outputs of a stack that is deployed again may receive others. */
function followUpstream({ order }: Revision, stacks: readonly Entity[], reasons: Map<string, Reason[]>): void {
  const downstream = new Map<string, Entity[]>();
  for (const stack of stacks) {
    for (const id of order.upstreamOf(stack.id)) downstream.set(id, [...(downstream.get(id) ?? []), stack]);
  }
  const names = new Map(stacks.map(({ id, name }) => [id, name]));
  // The map grows while it is walked.
  for (const id of reasons.keys()) {
    for (const stack of downstream.get(id) ?? []) {
      const known = reasons.get(stack.id) ?? [];
      reasons.set(stack.id, [...known, { kind: 'upstream', stack: names.get(id) ?? id }]);
    }
  }
}

class AffectedSearch {
  readonly #changed: ReadonlySet<string>;
  readonly #before: ReceivedValues;
  readonly #after: ReceivedValues;
  readonly #causes: CauseFinder;

  constructor(readonly request: AffectedRequest) {
    const { base, head, changed, signal } = request;
    this.#changed = new Set(changed);
    this.#before = new ReceivedValues(base, signal);
    this.#after = new ReceivedValues(head, signal);
    this.#causes = new CauseFinder(base, head);
  }

  async reasonsFor({ id, project = '', environment = '' }: Entity): Promise<Reason[]> {
    const { base, head, programFilesOf } = this.request;
    const now = head.index.project(project);
    // A stack that only a reference names is not of this workspace to deploy.
    if (now === undefined || !head.index.deployable(now).includes(environment)) return [];
    const before = base.index.project(project);
    if (before === undefined || !base.index.deployable(before).includes(environment)) return [{ kind: 'new' }];
    const programs = programFilesOf(project).map((file): Reason => ({ kind: 'program', file }));
    const values = this.#mayReceiveOthers(id, before, now) ? await this.#compare(id, before, now, environment) : [];
    return [...values, ...programs];
  }

  /** Tells whether a file differs that says what the stack receives, or whether it is other files now. */
  #mayReceiveOthers(id: string, before: IndexedProject, now: IndexedProject): boolean {
    const { base, head } = this.request;
    const [older, newer] = [this.#filesOf(base, id, before), this.#filesOf(head, id, now)];
    return older.size !== newer.size || [...newer].some((file) => !older.has(file) || this.#changed.has(file));
  }

  #filesOf({ graph }: Revision, id: string, { files }: IndexedProject): Set<string> {
    const reached = graph.reachableFrom([id], (entity) => entity.id === id || entity.kind === 'environment');
    const found = new Set(files.projectFile === undefined ? [] : [files.projectFile]);
    for (const each of reached) {
      const entity = graph.entities.get(each);
      if (entity?.file !== undefined && (each === id || entity.kind === 'environment')) found.add(entity.file);
    }
    return found;
  }

  async #compare(id: string, before: IndexedProject, now: IndexedProject, stack: string): Promise<Reason[]> {
    const [older, newer] = await Promise.all([this.#before.of(before, stack), this.#after.of(now, stack)]);
    return differingKeys(older, newer).map(({ key, change }): Reason => ({
      kind: 'value',
      key,
      change,
      causes: this.#causes.causesOf(id, key),
    }));
  }
}

function differingKeys(
  before: ReadonlyMap<string, ReceivedValue>,
  after: ReadonlyMap<string, ReceivedValue>,
): { readonly key: string; readonly change: 'added' | 'removed' | 'changed' }[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [older, newer] = [before.get(key), after.get(key)];
    if (older?.fingerprint === newer?.fingerprint) return [];
    return [{ key, change: older === undefined ? 'added' : newer === undefined ? 'removed' : 'changed' }];
  });
}
