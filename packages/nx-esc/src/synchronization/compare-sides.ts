import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Failure } from '../failures/failure';
import { mapBounded } from '../network/map-bounded';
import { failureOfText, findEnvironmentFile } from '../workspace/environment-file';
import { holdNothing, type Leaves, leavesOf } from './definition-leaves';
import type { RemoteEnvironment } from './remote-environments';
import { SecretIdentities } from './secret-identities';
import type { SyncContext } from './sync-context';
import { areEqual, changesBetween, hasAll } from './three-way';

/** How the file of an environment and the service stand to each other. */
export type SyncState = 'in-sync' | 'ahead' | 'behind' | 'diverged' | 'only-here' | 'only-there';

/** A file's text, and the id that git has for it. */
export interface FileVersion {
  readonly id: string;
  readonly text: string;
}

export interface SideComparison {
  readonly name: string;
  readonly state: SyncState;
  /** Absolute path; undefined where the environment is only there. */
  readonly path?: string;
  readonly file?: FileVersion;
  readonly remote?: RemoteEnvironment;
  /** The version of the file that both sides have come from, as far as it is known. */
  readonly base?: FileVersion;
  /** Why it is so, or what could not be found out, where that helps. */
  readonly notes: readonly string[];
  /** Whether the service's mark does not say yet that the two are the same. */
  readonly isUnmarked: boolean;
  readonly identities: SecretIdentities;
}

/** Versions of a file, and revisions of the service, that are looked at to find out what was pushed. */
const MOST_VERSIONS = 50;
const MOST_REVISIONS = 20;
const MOST_AT_A_TIME = 8;

/** A version of the file and the revision of the service that was made from it. */
interface PushedVersion extends FileVersion {
  readonly revision: number;
}

/**
 * Compares an environment with what the service has. The rule: the service may be replaced if what it holds is in the
 * history of the file, or if the file has every change that was made there; the file may be replaced if it is what was
 * pushed last.
 *
 * @throws Failure config/environment-not-found where neither side has it
 */
export async function compareSides(context: SyncContext, name: string): Promise<SideComparison> {
  const known = context.index.fileOf(name);
  const isThere = known !== undefined && existsSync(known);
  const path = isThere ? findEnvironmentFile(name, context.index, context.workspaceRoot).file : undefined;
  const text = path === undefined ? undefined : readFileSync(path, 'utf8');
  const remote = await context.remotes.read(name);
  const identities = new SecretIdentities(path ?? name);
  const nothing = { notes: [], isUnmarked: false, identities, name };
  if (path === undefined || text === undefined) {
    if (remote === undefined) throw notFound(context, name);
    return { ...nothing, state: 'only-there', remote };
  }
  try {
    const id = await context.git.idOf(relative(context.workspaceRoot, path), text, remote?.mark?.file);
    const file = { id, text };
    if (remote === undefined) return { ...nothing, state: 'only-here', path, file };
    return { path, ...(await new Comparing(context, name, { path, file, remote, identities }).run()) };
  } catch (error) {
    throw failureOfText(error, path, text);
  }
}

interface BothSides {
  readonly path: string;
  readonly file: FileVersion;
  readonly remote: RemoteEnvironment;
  readonly identities: SecretIdentities;
}

class Comparing {
  readonly #notes: string[] = [];

  constructor(
    readonly context: SyncContext,
    readonly name: string,
    readonly sides: BothSides,
  ) {}

  async run(): Promise<SideComparison> {
    const { file, remote, path } = this.sides;
    const { git, workspaceRoot } = this.context;
    const { mark } = remote;
    const isCurrent = mark?.revision === remote.revision;
    if (isCurrent && mark.file === file.id) {
      this.sides.identities.pair({ file: file.text, remote: remote.text });
      return this.#answer('in-sync', file);
    }
    const versions = await git.versionsOf(relative(workspaceRoot, path));
    const base = await this.#baseOf(versions);
    if (isCurrent && base !== undefined) {
      this.sides.identities.pair({ file: base.text, remote: remote.text });
      return this.#answer('ahead', base);
    }
    return this.#compareContents(versions, base);
  }

  /** The version that was pushed last, if the file comes from it. */
  async #baseOf(versions: readonly string[]): Promise<FileVersion | undefined> {
    const { file, remote } = this.sides;
    const id = remote.mark?.file;
    if (id === undefined) return undefined;
    if (id === file.id) return file;
    const { git } = this.context;
    const commit = remote.mark?.commit;
    const relation = commit === undefined ? 'other' : await git.relationOf(commit);
    if (relation !== 'other') {
      const why =
        relation === 'newer' ? 'is newer than what is checked out: merge it' : 'is not here: fetch and merge it';
      this.#notes.push(`it was pushed from commit ${(commit as string).slice(0, 9)}, which ${why}`);
      return undefined;
    }
    const text = versions.includes(id) ? await git.textOf(id) : undefined;
    if (text !== undefined) return { id, text };
    this.#notes.push(
      commit === undefined
        ? 'it was pushed from a file that this history does not have'
        : `it was pushed from commit ${commit.slice(0, 9)}, whose file this history does not have: merge it`,
    );
    return undefined;
  }

  /** The mark does not say what the service holds, so the texts have to. */
  async #compareContents(versions: readonly string[], base: FileVersion | undefined): Promise<SideComparison> {
    const { file, remote } = this.sides;
    await this.#identifySecrets(base);
    const [ours, theirs] = [this.#leaves(file.text), this.#leaves(remote.text)];
    if (areEqual(ours, theirs)) return this.#answer('in-sync', file);
    if (holdNothing(theirs) && remote.mark === undefined) return this.#answer('only-here', undefined);
    const pushed = await this.#findPushed(versions, base);
    if (pushed === 'unclear') return this.#answer('diverged', undefined);
    if (pushed?.revision === remote.revision) return this.#answer('ahead', pushed);
    return this.#mergeable(pushed ?? base);
  }

  /** Both sides have changed since the base, as far as there is one, or only one of them. */
  #mergeable(base: FileVersion | undefined): SideComparison {
    if (base === undefined) return this.#answer('diverged', undefined);
    const { file, remote } = this.sides;
    const [common, ours, theirs] = [base, file, remote].map(({ text }) => this.#leaves(text)) as [
      Leaves,
      Leaves,
      Leaves,
    ];
    if (hasAll(ours, changesBetween(common, theirs))) return this.#answer('ahead', base);
    return this.#answer(areEqual(common, ours) ? 'behind' : 'diverged', base);
  }

  /**
   * Finds what was pushed after the mark by somebody who could not write it down any more: the latest version of the file
   * that a revision of the service holds. That need not be its last one: somebody may have gone back behind it since.
   * Where the secrets of an earlier revision cannot be told, it is unclear whether that was a push.
   */
  async #findPushed(
    versions: readonly string[],
    base: FileVersion | undefined,
  ): Promise<PushedVersion | 'unclear' | undefined> {
    const { remote, identities } = this.sides;
    if (remote.mark !== undefined && base === undefined) return undefined;
    const later = base === undefined ? versions : versions.slice(0, Math.max(0, versions.indexOf(base.id)));
    if (later.length === 0) return undefined;
    const revisions = await this.#unmarkedRevisions();
    let isUnclear = false;
    for (const id of later.slice(0, MOST_VERSIONS)) {
      const text = await this.context.git.textOf(id);
      if (text === undefined) continue;
      try {
        const known = withoutSecrets(this.name, text);
        for (const { revision, text: there } of revisions) {
          if (!areEqual(known, withoutSecrets(this.name, there))) continue;
          await identities.open(text, this.context.keyring).catch(() => undefined);
          if (areEqual(this.#leaves(text), this.#leaves(there))) return { id, text, revision };
          isUnclear ||= revision !== remote.revision;
        }
      } catch {
        // A version that is no YAML was never pushed.
      }
    }
    return isUnclear ? 'unclear' : undefined;
  }

  /** Texts of the revisions that came after the mark, newest first. */
  async #unmarkedRevisions(): Promise<{ readonly revision: number; readonly text: string }[]> {
    const { remote } = this.sides;
    const first = Math.max((remote.mark?.revision ?? 0) + 1, remote.revision - MOST_REVISIONS);
    const numbers = Array.from({ length: Math.max(0, remote.revision - first) }, (_, at) => remote.revision - 1 - at);
    const earlier = await mapBounded(numbers, MOST_AT_A_TIME, async (revision) => {
      const text = await this.context.remotes.textAt(this.name, revision);
      return text === undefined ? [] : [{ revision, text }];
    });
    return [{ revision: remote.revision, text: remote.text }, ...earlier.flat()];
  }

  async #identifySecrets(base: FileVersion | undefined): Promise<void> {
    const { file, remote, identities } = this.sides;
    const { remotes, keyring } = this.context;
    const revision = remote.mark?.revision;
    if (base !== undefined && revision !== undefined) {
      const pushed = revision === remote.revision ? remote.text : await remotes.textAt(this.name, revision);
      if (pushed !== undefined) identities.pair({ file: base.text, remote: pushed });
    }
    if (!identities.hasUnknown(remote.text)) return;
    try {
      identities.learn(remote.text, await remotes.decrypted(this.name, remote));
      for (const { text } of [file, base ?? file]) await identities.open(text, keyring);
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'remote-changed') throw error;
      this.#notes.push(`secrets are taken for different: ${error.message}`);
    }
  }

  #leaves(text: string): Leaves {
    return leavesOf(this.name, text, this.sides.identities.tokenOf);
  }

  #answer(state: SyncState, base: FileVersion | undefined): SideComparison {
    const { file, remote, identities } = this.sides;
    const isMarked = remote.mark?.revision === remote.revision && remote.mark.file === file.id;
    return {
      name: this.name,
      state,
      file,
      remote,
      identities,
      notes: state === 'in-sync' ? [] : this.#notes,
      isUnmarked: state === 'in-sync' && !isMarked,
      ...(base !== undefined && { base }),
    };
  }
}

function withoutSecrets(name: string, text: string): Leaves {
  return leavesOf(name, text, () => '');
}

function notFound({ index, remotes }: SyncContext, name: string): Failure {
  const names = index.names();
  return new Failure({
    class: 'config',
    code: 'environment-not-found',
    message: `there is no environment ${JSON.stringify(name)}, neither here nor at ${remotes.client.url}`,
    hint: names.length === 0 ? 'add one: esc/<name>.yaml in a project' : `there are: ${names.join(', ')}`,
  });
}
