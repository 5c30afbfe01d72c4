import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TestWorkspace } from './test-workspace';

/** The built command, which starts at once. */
export const CLI = resolve(__dirname, '../../dist/cli/start.js');
/** A secret of the environment `api/dev`. */
export const SECRET = 'correct-horse-battery';
/** The state of a stack whose output the environment reads. */
export const STATE = JSON.stringify({
  version: 3,
  checkpoint: {
    stack: 'organization/infra/dev',
    latest: { resources: [{ urn: 'urn', type: 'pulumi:pulumi:Stack', outputs: { cluster: 'cluster-1' } }] },
  },
});
export const STATE_FILE = '.state/.pulumi/stacks/infra/dev.json';

const FILES = {
  '.state/.pulumi/meta.yaml': 'version: 1\n',
  [STATE_FILE]: STATE,
  'infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\n',
  'infra/package.json': '{"name":"infra"}',
  'infra/index.js': "exports.cluster = 'cluster-1';\n",
  'api/project.json': '{"name":"api"}',
  'api/esc/base.yaml': 'values:\n  port: 8080\n',
  'api/esc/dev.yaml': `imports: [api/base]
values:
  stacks:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/dev }
  environmentVariables:
    CLUSTER: \${stacks.infra.cluster}
    PORT: \${port}
    PASSWORD: { fn::secret: ${SECRET} }
  files:
    NOTES: "some notes"
`,
};

export interface ShellResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCommand {
  readonly child: ChildProcess;
  /** Waits for what the command prints, and answers all of it. */
  until(text: string): Promise<string>;
  readonly ended: Promise<number>;
}

/** A workspace on somebody's own machine: with a home, and not in CI. */
export class ShellWorkspace extends TestWorkspace {
  readonly home = mkdtempSync(join(tmpdir(), 'nx-esc-home-'));
  readonly #started: ChildProcess[] = [];

  constructor(files: Readonly<Record<string, string>> = {}) {
    super({ ...FILES, ...files });
    mkdirSync(join(this.home, 'run'), { mode: 0o700 });
  }

  override get env(): NodeJS.ProcessEnv {
    return {
      ...super.env,
      CI: undefined,
      GITHUB_ACTIONS: undefined,
      NX_ESC_ENVIRONMENT: undefined,
      XDG_STATE_HOME: join(this.home, 'state'),
      XDG_RUNTIME_DIR: join(this.home, 'run'),
    };
  }

  nxEsc(args: readonly string[], variables: NodeJS.ProcessEnv = {}, input = ''): ShellResult {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: this.root,
      env: { ...this.env, ...variables },
      input,
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr };
  }

  startCommand(command: string, args: readonly string[]): StartedCommand {
    const child = spawn(command, args, { cwd: this.root, env: this.env });
    this.#started.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
    const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
    const until = async (text: string): Promise<string> => {
      for (let waited = 0; !output.includes(text); waited += 20) {
        if (waited > 15_000) throw new Error(`${JSON.stringify(text)} was not printed:\n${output}`);
        await delay(20);
      }
      return output;
    };
    return { child, ended, until };
  }

  /** Ends what a test has left running. */
  endCommands(): void {
    for (const child of this.#started.splice(0)) child.kill('SIGTERM');
  }

  override remove(): void {
    super.remove();
    rmSync(this.home, { recursive: true, force: true });
  }
}
