import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const START = resolve(__dirname, '../../dist/cli/start.js');

export interface PersonResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStart?: (child: ChildProcess) => void;
}

/** Someone with a home folder, and so keys, of their own, who runs the built command in a workspace. */
export class Person {
  readonly home = mkdtempSync(join(tmpdir(), 'nx-esc-home-'));

  constructor(
    readonly workspaceRoot: string,
    readonly env: Readonly<Record<string, string>> = {},
  ) {}

  run(args: readonly string[], { input = '', env = {}, onStart }: RunOptions = {}): Promise<PersonResult> {
    const child = spawn(process.execPath, [START, ...args], {
      cwd: this.workspaceRoot,
      env: { PATH: process.env.PATH, HOME: this.home, TMPDIR: process.env.TMPDIR, ...this.env, ...env },
    });
    onStart?.(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return new Promise((done, reject) => {
      child.once('error', reject);
      child.once('close', (code) => done({ code: code ?? 1, stdout, stderr }));
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
