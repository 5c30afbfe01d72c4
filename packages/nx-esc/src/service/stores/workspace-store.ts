import { mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import { refuseEscape } from '../../backends/local/refuse-escape';
import { environmentProjectOf, type WorkspaceIndex } from '../../workspace/workspace-index';
import { ServiceError } from '../service-error';
import { Turns } from '../turns';
import { addFile, type FileOptions, ifThere, replaceFile } from './atomic-files';
import type { EnvironmentDetails, EnvironmentStore, Revision, StoredEnvironment } from './environment-store';
import { FolderStore } from './folder-store';
import { createDetails } from './new-environment';

export interface WorkspaceStoreOptions {
  readonly workspaceRoot: string;
  /** Finds projects and environments; asked again when an unknown project is named. */
  readonly readIndex: () => WorkspaceIndex;
  /** Where earlier revisions and details are kept; not in git. */
  readonly historyFolder: string;
}

/** Creator of the revisions that were made in files, and of which nothing more is known. */
const OUTSIDE = 'workspace';
const FILE_MODE = 0o644;
/** A lock that its holder has not touched for so long is that of a process that was killed. */
const STALE_LOCK_MS = 3000;
/** The workspace is not walked more often than this for projects that it does not have. */
const INDEX_LIFETIME_MS = 1000;

/**
 * The files of a workspace as environments: each `esc/<environment>.yaml` of a project is one, and changes go into it.
 * Its history is kept beside; what was changed in the file itself becomes a revision when it is seen.
 */
export class WorkspaceStore implements EnvironmentStore {
  readonly #history: FolderStore;
  /** Two readers of one file must not both note its change. */
  readonly #turns = new Turns();
  #index: WorkspaceIndex;
  #indexed = Date.now();
  #prepared: Promise<FileOptions> | undefined;

  constructor(readonly options: WorkspaceStoreOptions) {
    this.#history = new FolderStore(join(options.historyFolder, 'environments'));
    this.#index = options.readIndex();
  }

  async names(): Promise<readonly string[]> {
    this.#readIndex();
    return this.#index.names();
  }

  async read(name: string): Promise<StoredEnvironment | undefined> {
    const file = this.#fileOf(name);
    if (file === undefined) return undefined;
    return this.#turns.take(name, async () => {
      const text = await this.#readFile(file);
      if (text === undefined) return undefined;
      const known = await this.#history.read(name);
      return known?.head.text === text ? known : this.#locked(name, () => this.#record(name, file));
    });
  }

  readRevision(name: string, number: number): Promise<Revision | undefined> {
    return this.#history.readRevision(name, number);
  }

  async create(name: string, details: EnvironmentDetails, revisions: readonly Revision[]): Promise<boolean> {
    const file = this.#fileOf(name);
    const head = revisions.at(-1) as Revision;
    if (file === undefined) {
      throw new ServiceError(400, `the workspace has no project ${JSON.stringify(name.split('/')[0])}`);
    }
    await mkdir(dirname(file), { recursive: true });
    if (!(await addFile(file, head.text, await this.#fileOptions()))) return false;
    this.#readIndex();
    await this.#history.remove(name);
    return this.#history.create(name, details, revisions);
  }

  /** The file is what counts, so it comes first: a history that lacks its last change gets it when the file is read. */
  async append(name: string, revision: Revision): Promise<boolean> {
    const file = this.#fileOf(name);
    if (file === undefined) return false;
    return this.#turns.take(name, () =>
      this.#locked(name, async () => {
        const stored = await this.#record(name, file);
        // Somebody has changed the file since the change was made.
        if (stored?.head.number !== revision.number - 1) return false;
        const target = await realpath(file);
        const { mode } = await stat(target);
        await replaceFile(target, revision.text, { ...(await this.#fileOptions()), mode: mode & 0o777 });
        return this.#history.append(name, revision);
      }),
    );
  }

  writeDetails(name: string, details: EnvironmentDetails): Promise<void> {
    return this.#history.writeDetails(name, details);
  }

  async remove(name: string): Promise<void> {
    const file = this.#fileOf(name);
    if (file !== undefined) await rm(file, { force: true });
    await this.#history.remove(name);
    this.#readIndex();
  }

  /** Reads the file, and notes what it says where its history does not have it yet. */
  async #record(name: string, file: string): Promise<StoredEnvironment | undefined> {
    const text = await this.#readFile(file);
    const known = await this.#history.read(name);
    if (text === undefined || known?.head.text === text) return text === undefined ? undefined : known;
    const created = new Date().toISOString();
    const revision = { number: (known?.head.number ?? 0) + 1, created, creator: OUTSIDE, text };
    if (known !== undefined) await this.#history.append(name, revision);
    else await this.#history.create(name, createDetails(created), [revision]);
    return this.#history.read(name);
  }

  async #readFile(file: string): Promise<string | undefined> {
    const text = await ifThere(readFile(file, 'utf8'));
    if (text !== undefined) await refuseEscape(this.options.workspaceRoot, file);
    return text;
  }

  /** The file of an environment, or the one that it would have; undefined where there is no such project. */
  #fileOf(name: string): string | undefined {
    const known = this.#index.fileOf(name);
    if (known !== undefined) return known;
    const [project, environment] = name.split('/') as [string, string];
    const root = this.#rootOf(project);
    return root === undefined ? undefined : join(this.options.workspaceRoot, root, 'esc', `${environment}.yaml`);
  }

  #rootOf(project: string): string | undefined {
    const find = (): string | undefined =>
      [...this.#index.projects()].find(({ name }) => environmentProjectOf(name) === project)?.files.root;
    const found = find();
    if (found !== undefined || Date.now() - this.#indexed < INDEX_LIFETIME_MS) return found;
    this.#readIndex();
    return find();
  }

  #readIndex(): void {
    this.#index = this.options.readIndex();
    this.#indexed = Date.now();
  }

  /** Keeps other services for the same files from reading or writing in the middle of a change. */
  async #locked<T>(name: string, run: () => Promise<T>): Promise<T> {
    await this.#fileOptions();
    const unlock = await lock(join(this.#history.folder, name), {
      realpath: false,
      lockfilePath: join(this.options.historyFolder, `.${name.replace('/', '.')}.lock`),
      stale: STALE_LOCK_MS,
      retries: { retries: 200, minTimeout: 5, maxTimeout: 50 },
    });
    try {
      return await run();
    } finally {
      await unlock();
    }
  }

  /** Partial files lie with the history, so that none is left among the environments if the process is killed. */
  #fileOptions(): Promise<FileOptions> {
    this.#prepared ??= prepareFolder(this.options.historyFolder).then(() => ({
      mode: FILE_MODE,
      partialFolder: this.options.historyFolder,
    }));
    return this.#prepared;
  }
}

/** Makes a folder for this user alone, which git does not see. */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, '.gitignore'), '*\n');
}
