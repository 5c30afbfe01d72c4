import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addFile, codeOf, ifThere, replaceFile } from './atomic-files';
import type { EnvironmentDetails, EnvironmentStore, Revision, StoredEnvironment } from './environment-store';

const DETAILS = 'details.json';
const REVISIONS = 'revisions';
/** The texts may hold secrets that nobody encrypted: the folders are for this user alone. */
const PRIVATE = { recursive: true, mode: 0o700 };

/**
 * Keeps environments in a folder, as `<project>/<environment>/revisions/<number>.json` beside `details.json`. A revision
 * exists as soon as its file does, so that several processes may write to one folder.
 */
export class FolderStore implements EnvironmentStore {
  /** The highest revision of each environment that was seen. */
  readonly #heads = new Map<string, number>();

  constructor(readonly folder: string) {}

  async names(): Promise<readonly string[]> {
    const projects = await foldersIn(this.folder);
    const names = await Promise.all(
      projects.map(async (project) =>
        (await foldersIn(join(this.folder, project))).map((environment) => `${project}/${environment}`),
      ),
    );
    return names.flat().sort();
  }

  async read(name: string): Promise<StoredEnvironment | undefined> {
    const head = await this.#readHead(name);
    const details = await readJson<EnvironmentDetails>(join(this.folder, name, DETAILS));
    return head && details && { head, details };
  }

  readRevision(name: string, number: number): Promise<Revision | undefined> {
    return readJson<Revision>(this.#fileOf(name, number));
  }

  async create(name: string, details: EnvironmentDetails, revisions: readonly Revision[]): Promise<boolean> {
    const folder = join(this.folder, name);
    const partial = join(folder, '..', `.${randomBytes(6).toString('hex')}.partial`);
    await mkdir(join(partial, REVISIONS), PRIVATE);
    try {
      await replaceFile(join(partial, DETAILS), JSON.stringify(details));
      for (const revision of revisions) {
        await addFile(join(partial, REVISIONS, `${revision.number}.json`), JSON.stringify(revision));
      }
      await rename(partial, folder);
      this.#heads.delete(name);
      return true;
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) return false;
      throw error;
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  async append(name: string, revision: Revision): Promise<boolean> {
    const isAdded = await addFile(this.#fileOf(name, revision.number), JSON.stringify(revision));
    if (isAdded) this.#heads.set(name, revision.number);
    return isAdded;
  }

  writeDetails(name: string, details: EnvironmentDetails): Promise<void> {
    return replaceFile(join(this.folder, name, DETAILS), JSON.stringify(details));
  }

  async remove(name: string): Promise<void> {
    const removed = join(this.folder, name, '..', `.${randomBytes(6).toString('hex')}.removed`);
    this.#heads.delete(name);
    await ifThere(rename(join(this.folder, name), removed));
    await rm(removed, { recursive: true, force: true });
  }

  async #readHead(name: string): Promise<Revision | undefined> {
    const known = this.#heads.get(name);
    let head = known === undefined ? undefined : await this.readRevision(name, known);
    head ??= await this.readRevision(name, await this.#countRevisions(name));
    if (head === undefined) {
      this.#heads.delete(name);
      return undefined;
    }
    for (;;) {
      const next = await this.readRevision(name, head.number + 1);
      if (next === undefined) break;
      head = next;
    }
    this.#heads.set(name, head.number);
    return head;
  }

  async #countRevisions(name: string): Promise<number> {
    const files = (await ifThere(readdir(join(this.folder, name, REVISIONS)))) ?? [];
    return files.filter((file) => !file.startsWith('.')).length;
  }

  #fileOf(name: string, number: number): string {
    return join(this.folder, name, REVISIONS, `${number}.json`);
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = (await ifThere(readdir(folder, { withFileTypes: true }))) ?? [];
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await ifThere(readFile(path, 'utf8'));
  return text === undefined ? undefined : (JSON.parse(text) as T);
}
