import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where git does not know who commits, create-nx-workspace leaves out the first commit. */
const AUTHOR = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((who) => [
    [`GIT_${who}_NAME`, 'Newcomer'],
    [`GIT_${who}_EMAIL`, 'newcomer@example.com'],
  ]),
);

/** Somebody's way through a new workspace, step by step; what comes after a step that failed cannot be tried. */
export class Journey {
  static passed = 0;
  static failed = 0;
  #exported = [];

  constructor(title, { folder, name }) {
    this.title = title;
    this.folder = folder;
    this.name = name;
    this.cwd = join(folder, name);
    this.env = {
      ...process.env,
      ...AUTHOR,
      CI: 'true',
      NX_DAEMON: 'false',
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
      // What fails here is no annotation of the run that tests.
      GITHUB_ACTIONS: '',
      NX_DEFAULT_OUTPUT_STYLE: 'stream',
      FORCE_COLOR: '0',
    };
  }

  /** Takes its steps, until one fails. */
  async take(steps) {
    try {
      await steps();
    } catch (error) {
      if (!(error instanceof Abandoned)) throw error;
    }
  }

  async step(title, body) {
    try {
      await body();
      Journey.passed += 1;
      console.log(`  ✓ ${this.title}: ${title}`);
    } catch (error) {
      Journey.failed += 1;
      console.log(`  ✗ ${this.title}: ${title}\n${error.message.replace(/^/gm, '      ')}`);
      throw new Abandoned();
    }
  }

  /** Sets a variable for all commands that follow, as a line of a shell. */
  export(line) {
    this.#exported.push(line);
  }

  /** Runs a command in the workspace, and answers its standard output. */
  shell(command, { cwd = this.cwd, env = {} } = {}) {
    const script = ['set -e', ...this.#exported, command].join('\n');
    return runCommand(['bash', '-c', script], { cwd, env: { ...this.env, ...env } });
  }

  file(path) {
    return readFileSync(join(this.cwd, path), 'utf8');
  }

  commit() {
    return this.shell('git add . && git commit -qm change --no-verify');
  }

  /** A name for what the files hold that git would keep. */
  async snapshot() {
    return (await this.shell('git add . && git write-tree')).trim();
  }
}

class Abandoned extends Error {}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Runs a command and answers its standard output; rejects with all of its output if it fails. */
function runCommand([command, ...args], { cwd, env }) {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk) => ((stdout += chunk), (output += chunk)));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) done(stdout);
      else reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}\n${output}`));
    });
  });
}
