import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Person } from './person';

/** Someone's clone of a workspace that several share through a repository. */
export class Clone extends Person {
  /** Makes the shared repository with its first commit, and the clone of whoever makes it. */
  static create(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>): Clone {
    const folder = mkdtempSync(join(tmpdir(), 'nx-esc-clones-'));
    const origin = join(folder, 'origin.git');
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', origin]);
    const clone = new Clone(folder, 'first', env);
    clone.write(files);
    clone.commit('Begin');
    return clone;
  }

  /** The same person with the same commits in a shared repository of their own. */
  fork(env: Readonly<Record<string, string>>): Clone {
    const folder = mkdtempSync(join(tmpdir(), 'nx-esc-clones-'));
    const origin = join(folder, 'origin.git');
    execFileSync('git', ['clone', '-q', '--bare', join(this.folder, 'origin.git'), origin], { stdio: 'pipe' });
    return new Clone(folder, 'first', { ...env, HOME: this.home });
  }

  private constructor(
    readonly folder: string,
    readonly name: string,
    env: Readonly<Record<string, string>>,
    isShallow = false,
  ) {
    const root = join(folder, name);
    const depth = isShallow ? ['--depth=1'] : [];
    execFileSync('git', ['clone', '-q', ...depth, `file://${join(folder, 'origin.git')}`, root], { stdio: 'pipe' });
    super(root, env);
  }

  /** A clone of somebody else. */
  another(name: string, { isShallow = false } = {}): Clone {
    const { HOME: _, ...env } = this.env;
    return new Clone(this.folder, name, env, isShallow);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      const path = join(this.workspaceRoot, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }

  read(file: string): string {
    return readFileSync(join(this.workspaceRoot, file), 'utf8');
  }

  /** Names of files, those that are not committed included, that hold a text. */
  filesWithSecret(text: string): string {
    try {
      return this.git('grep', '--untracked', '-l', text);
    } catch {
      return '';
    }
  }

  git(...args: readonly string[]): string {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.test', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', [...identity, ...args], { cwd: this.workspaceRoot, encoding: 'utf8', stdio: 'pipe' });
  }

  /** Commits everything, and shares it. */
  commit(message: string): void {
    this.git('add', '-A');
    this.git('commit', '-q', '-m', message);
    this.git('push', '-q', 'origin', 'HEAD:main');
  }

  /** Takes what others have shared. */
  update(): void {
    this.git('pull', '-q', '--rebase', 'origin', 'main');
  }

  /** Removes the shared repository with all clones of it; the homes are left. */
  removeFiles(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
