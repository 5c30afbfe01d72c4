import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Redactor } from './redactor';
import type { Output, ProcessResult } from './run-process';

const SUPERVISOR = join(__dirname, '..', '..', 'bin', 'nx-esc-supervisor.js');
/** Starts the supervisor in the background and exits, so that it is no descendant of ours any more. */
const LAUNCH = '"$0" "$1" &';
const RESULT_FD = 3;
/** Not standard input: Node would close that when the launcher ends. */
const CONTROL_FD = 4;

export interface SupervisedRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders to remove when the child has ended, whatever happens to us. */
  readonly removeAfterwards: readonly string[];
  /** File that exists while the child runs, so that a second run of the same stack can wait for it. */
  readonly lockFile: string;
  /** Aborting passes one interrupt on; the child then ends in its own time. */
  readonly signal: AbortSignal;
}

/**
 * Runs a child that must not be killed in the middle, outside of our process tree. Nx signals the whole tree several
 * times and kills it after five seconds; Pulumi takes a second signal as "terminate now". The supervisor passes on
 * exactly one interrupt and stays until the child has ended, even when we are gone. Everything it needs goes through a
 * pipe: nothing of it is in an argument or a file.
 *
 * Its process starts with the object, so that it is ready when the child is to run; one that is not used is disposed.
 */
export class Supervisor {
  readonly #launcher: ChildProcess;
  readonly #control: Writable;
  readonly #failedToStart: Promise<never>;

  constructor() {
    this.#launcher = spawn('/bin/sh', ['-c', LAUNCH, process.execPath, SUPERVISOR], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#control = this.#launcher.stdio[CONTROL_FD] as Writable;
    this.#control.on('error', () => undefined);
    this.#failedToStart = new Promise((_, reject) => this.#launcher.once('error', reject));
    this.#failedToStart.catch(() => undefined);
  }

  /** Runs the child to its end. Once for each supervisor. */
  async run({ signal, ...message }: SupervisedRequest, redactor: Redactor, output: Output): Promise<ProcessResult> {
    const launcher = this.#launcher;
    const interrupt = (): void => void this.#control.write('interrupt\n');
    this.#control.write(`${JSON.stringify(message)}\n`);
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
    const closed = [pipe(launcher, 1, redactor, output.stdout), pipe(launcher, 2, redactor, output.stderr)];
    try {
      const result = await Promise.race([readResult(launcher.stdio[RESULT_FD] as Readable), this.#failedToStart]);
      await Promise.all(closed);
      return result;
    } finally {
      signal.removeEventListener('abort', interrupt);
      this.dispose();
    }
  }

  /** Ends a supervisor that has no child; one that has a child is left to it. */
  dispose(): void {
    this.#control.destroy();
  }
}

function pipe(child: ChildProcess, fd: 1 | 2, redactor: Redactor, print: (chunk: Buffer) => void): Promise<void> {
  const stream = redactor.createStream();
  const source = child.stdio[fd] as Readable;
  source.on('data', (chunk: Buffer) => print(stream.write(chunk)));
  return new Promise((resolve) => {
    source.once('close', () => {
      print(stream.end());
      resolve();
    });
  });
}

async function readResult(source: Readable): Promise<ProcessResult> {
  let text = '';
  for await (const chunk of source) text += String(chunk);
  if (text === '') throw new Error('the supervisor of the process ended without an answer');
  const result = JSON.parse(text) as ProcessResult & { readonly error?: string };
  if (result.error !== undefined) throw new Error(result.error);
  return result;
}
