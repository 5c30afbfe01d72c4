import { createHash } from 'node:crypto';
import { Failure } from '../failures/failure';
import { captureBytes } from '../process/run-process';

export type CommitRelation = 'newer' | 'unknown' | 'other';

/** The git repository of a workspace. Paths are relative to the workspace, which may be a folder of the repository. */
export class Git {
  readonly #relations = new Map<string, Promise<CommitRelation>>();

  constructor(
    readonly folder: string,
    readonly env: Readonly<Record<string, string | undefined>>,
    readonly signal: AbortSignal,
  ) {}

  /**
   * The commit where two revisions parted, as Nx takes it for the base of a comparison; the revision itself where they
   * have nothing in common.
   *
   * @throws Failure config/revision-not-found
   */
  async baseOf(base: string, head: string): Promise<string> {
    const commit = await this.commitOf(base);
    const result = await this.#run(['merge-base', commit, head]);
    return result.code === 0 ? result.stdout.toString().trim() : commit;
  }

  /** @throws Failure config/revision-not-found */
  async commitOf(revision: string): Promise<string> {
    const result = await this.#run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
    if (result.code === 0) return result.stdout.toString().trim();
    throw new Failure({
      class: 'config',
      code: 'revision-not-found',
      message: `git knows no revision ${JSON.stringify(revision)}`,
      hint: 'fetch enough of the history (in GitHub Actions: actions/checkout with fetch-depth: 0), or give --base',
    });
  }

  /** Files that differ between two commits, or between a commit and the files as they are now. */
  async changedFiles(base: string, head?: string): Promise<string[]> {
    const revisions = head === undefined ? [base] : [base, head];
    const changed = await this.#list(['diff', '--name-only', '--no-renames', '--relative', '-z', ...revisions, '--']);
    if (head !== undefined) return changed;
    return [...changed, ...(await this.#list(['ls-files', '--others', '--exclude-standard', '-z']))];
  }

  /** Files that the next commit adds or changes. */
  stagedFiles(): Promise<string[]> {
    return this.#list(['diff', '--name-only', '--no-renames', '--diff-filter=d', '--relative', '-z', '--cached', '--']);
  }

  /** Contents of files at a commit, or in the index for the empty text; those that are not there are left out. */
  async readFiles(commit: string, files: readonly string[]): Promise<Map<string, Buffer>> {
    const found = new Map<string, Buffer>();
    // A path with a line break cannot be asked for in this way, and is none of ours.
    const asked = files.filter((file) => !file.includes('\n'));
    if (asked.length === 0) return found;
    const input = asked.map((file) => `${commit}:./${file}\n`).join('');
    const { stdout } = await this.#run(['cat-file', '--batch'], input);
    let position = 0;
    for (const file of asked) {
      const end = stdout.indexOf(0x0a, position);
      const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(stdout.toString('utf8', position, end)) ?? [];
      position = end + 1;
      if (size === undefined) continue;
      if (type === 'blob') found.set(file, stdout.subarray(position, position + Number(size)));
      position += Number(size) + 1;
    }
    return found;
  }

  /**
   * The id that git would give to a text in the place of a file. Where it is the one that is expected no process is started:
   * only filters, such as those of line ends, make it another.
   */
  async idOf(file: string, text: string, expected = ''): Promise<string> {
    if (expected === plainIdOf(text, expected.length === 64 ? 'sha256' : 'sha1')) return expected;
    const { code, stdout, stderr } = await this.#run(['hash-object', '--stdin', '--path', file], text);
    if (code !== 0) throw failed('hash-object', stderr);
    return stdout.toString().trim();
  }

  /** Ids of the texts that a file has had in the history of what is checked out, newest first; renamed files included. */
  async versionsOf(file: string): Promise<string[]> {
    const args = ['log', '--follow', '-m', '--raw', '--no-abbrev', '--format=', '--diff-filter=d', 'HEAD', '--', file];
    const { code, stdout, stderr } = await this.#run(args);
    // A repository without a commit has no history.
    if (code !== 0 && (await this.#run(['rev-parse', '--verify', '--quiet', 'HEAD'])).code !== 0) return [];
    if (code !== 0) throw failed('log', stderr);
    const ids = stdout.toString().matchAll(/^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) /gm);
    return [...new Set([...ids].map(([, id]) => id as string))];
  }

  /** How a commit stands to what is checked out: `newer` rests on it, and `unknown` is not in this repository. */
  relationOf(commit: string): Promise<CommitRelation> {
    const known = this.#relations.get(commit) ?? this.#findRelation(commit);
    this.#relations.set(commit, known);
    return known;
  }

  async #findRelation(commit: string): Promise<CommitRelation> {
    if ((await this.#run(['cat-file', '-e', `${commit}^{commit}`])).code !== 0) return 'unknown';
    if ((await this.commitOf('HEAD')) === commit) return 'other';
    return (await this.#run(['merge-base', '--is-ancestor', 'HEAD', commit])).code === 0 ? 'newer' : 'other';
  }

  /** The text that has an id; undefined where the repository does not have it. */
  async textOf(id: string): Promise<string | undefined> {
    const { code, stdout } = await this.#run(['cat-file', 'blob', id]);
    return code === 0 ? stdout.toString() : undefined;
  }

  /** The hunks of a unified diff of two files anywhere, white space aside; empty where they are the same. */
  async diffFiles(before: string, after: string): Promise<string> {
    const args = ['diff', '--no-index', '--no-color', '--no-ext-diff', '-w', '--', before, after];
    const { code, stdout, stderr } = await this.#run(args);
    if (code > 1) throw failed('diff', stderr);
    const text = stdout.toString();
    return text.slice(Math.max(0, text.search(/^@@ /m)));
  }

  async #list(args: readonly string[]): Promise<string[]> {
    const { code, stdout, stderr } = await this.#run(args);
    if (code !== 0) throw failed(args[0] ?? '', stderr);
    return stdout.toString().split('\0').filter(Boolean);
  }

  async #run(args: readonly string[], input?: string): ReturnType<typeof captureBytes> {
    const { folder, signal } = this;
    try {
      // The user's configuration of git must not change what it prints.
      const env = { ...this.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
      return await captureBytes({
        command: 'git',
        args,
        cwd: folder,
        env,
        signal,
        ...(input !== undefined && { input }),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new Failure({
        class: 'tool',
        code: 'git-not-found',
        message: `git could not be started: ${(error as Error).message}`,
        hint: 'install git',
      });
    }
  }
}

function failed(command: string, stderr: string): Failure {
  return new Failure({
    class: 'tool',
    code: 'git-failed',
    message: `git ${command} failed: ${stderr.trim()}`,
    hint: 'the workspace must be in a git repository',
  });
}

/** The id of a text that no filter changes, by the hash that the repository uses. */
function plainIdOf(text: string, hash: 'sha1' | 'sha256'): string {
  const bytes = Buffer.from(text);
  return createHash(hash).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
