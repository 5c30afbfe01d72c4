import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const REPOSITORY = resolve(__dirname, '../../../..');

/** What the commands run: the plugin as it is built. */
export const SCRIPTS = {
  nx: join(REPOSITORY, 'node_modules/nx/dist/bin/nx.js'),
  'nx-esc': join(REPOSITORY, 'packages/nx-esc/dist/cli/start.js'),
  // The deploy target alone, without the start of Nx.
  deploy: join(REPOSITORY, 'packages/nx-esc/dist/testing/deploy-once.js'),
} as const;
export type TestCommand = keyof typeof SCRIPTS;

export interface CommandResult {
  readonly code: number;
  readonly output: string;
  readonly stdout: string;
}

/** A workspace of its own for a test, with the real nx, the real pulumi, and a state in a folder. */
export class TestWorkspace {
  readonly root = mkdtempSync(join(tmpdir(), 'nx-esc-workspace-'));
  /** Variables of its commands, over the usual ones; undefined takes one away. */
  variables: NodeJS.ProcessEnv = {};

  constructor(files: Readonly<Record<string, string>>) {
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.root, 'node_modules'));
    mkdirSync(join(this.root, '.state'));
    this.write({
      'nx.json': JSON.stringify({ plugins: ['nx-esc/plugin'], analytics: false }),
      'package.json': JSON.stringify({ name: 'workspace', private: true }),
      '.gitignore': 'node_modules\n.state\n.cache\n',
      ...files,
    });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      writeFileSync(join(this.root, file), text);
    }
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      NX_DAEMON: 'false',
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
      NX_CACHE_DIRECTORY: join(this.root, '.cache', 'nx'),
      NX_WORKSPACE_DATA_DIRECTORY: join(this.root, '.cache', 'data'),
      NX_WORKSPACE_ROOT_PATH: this.root,
      NODE_OPTIONS: '',
      PULUMI_BACKEND_URL: `file://${join(this.root, '.state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'passphrase-of-the-test',
      FORCE_COLOR: '0',
      XDG_STATE_HOME: join(this.root, '.cache', 'state'),
      // What fails in a test is no annotation of the run that tests.
      GITHUB_ACTIONS: '',
      ...this.variables,
    };
  }

  start(command: TestCommand, args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [SCRIPTS[command], ...args], { cwd: this.root, env: this.env });
  }

  /** Runs a command to its end; `onOutput` sees what it prints as it comes. */
  run(
    command: TestCommand,
    args: readonly string[],
    onOutput?: (text: string, child: ChildProcess) => void,
  ): Promise<CommandResult> {
    const child = this.start(command, args);
    let output = '';
    let stdout = '';
    child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += String(chunk);
        onOutput?.(output, child);
      });
    }
    return new Promise((done, reject) => {
      child.once('error', reject);
      child.once('close', (code) => done({ code: code ?? 1, output, stdout }));
    });
  }

  /** Files beneath the workspace that hold a text. */
  filesWith(text: string, folder = this.root): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) return [];
      if (entry.isDirectory()) return this.filesWith(text, path);
      return readFileSync(path).includes(text) ? [path] : [];
    });
  }

  stateOf(project: string, stack: string): string {
    return this.read(`.state/.pulumi/stacks/${project}/${stack}.json`);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
