import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import type { Redactor } from './redactor';
import type { Output, ProcessResult } from './run-process';

export interface ForegroundRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly shell?: boolean;
  /**
   * `inherited`: the child has the terminal to itself, and nothing is redacted; `redacted`: what it prints is.
   */
  readonly terminal: 'inherited' | 'redacted';
  /** Whether a child with a redacted output reads what this process would; else it finds the end of its input. */
  readonly readsInput?: boolean;
  /** Makes the child the leader of a group, so that all that it starts ends with it. It loses the terminal's own signals. */
  readonly leadsGroup?: boolean;
  readonly redactor: Redactor;
  readonly output: Output;
}

/** Signals that end or tell a process something, and that the child is to get as well. */
const PASSED_ON: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGCONT'];
/** Signals that a terminal sends to all in its foreground, the child included. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/** A child that stands for this process: the signals of this process are its own. */
export class ForegroundProcess {
  /** Rejects where the command cannot be started. */
  readonly ended: Promise<ProcessResult>;
  readonly #child: ChildProcess;
  readonly #leadsGroup: boolean;

  constructor(request: ForegroundRequest) {
    const { command, args, cwd, env, shell = false, terminal, leadsGroup = false } = request;
    this.#leadsGroup = leadsGroup && process.platform !== 'win32';
    const input = request.readsInput === true ? 'inherit' : 'ignore';
    const stdio: StdioOptions = terminal === 'inherited' ? 'inherit' : [input, 'pipe', 'pipe'];
    this.#child = spawn(command, args, {
      cwd,
      env: env as NodeJS.ProcessEnv,
      shell,
      stdio,
      detached: this.#leadsGroup,
    });
    this.ended = this.#run(request);
    this.ended.catch(() => undefined);
  }

  /** Sends a signal to the child, and to all of its group if it leads one. */
  kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (!this.#leadsGroup || pid === undefined) {
      this.#child.kill(signal);
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // All of it has ended.
    }
  }

  #run({ redactor, output }: ForegroundRequest): Promise<ProcessResult> {
    const child = this.#child;
    const out = redactor.createStream();
    const err = redactor.createStream();
    child.stdout?.on('data', (chunk: Buffer) => output.stdout(out.write(chunk)));
    child.stderr?.on('data', (chunk: Buffer) => output.stderr(err.write(chunk)));
    const stopPassing = this.#passSignalsOn();
    const killGroup = (): void => this.kill('SIGKILL');
    if (this.#leadsGroup) process.once('exit', killGroup);
    return new Promise<ProcessResult>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        output.stdout(out.end());
        output.stderr(err.end());
        resolve({ code: code ?? 1, signal });
      });
    }).finally(() => {
      stopPassing();
      process.removeListener('exit', killGroup);
    });
  }

  #passSignalsOn(): () => void {
    const sharesTerminal =
      !this.#leadsGroup && [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
    const handlers = PASSED_ON.map((signal) => {
      // The terminal's own have reached the child already; twice means more than once.
      const handler = (): void => {
        if (!sharesTerminal || !FROM_TERMINAL.has(signal)) this.kill(signal);
      };
      process.on(signal, handler);
      return () => process.removeListener(signal, handler);
    });
    return () => {
      for (const remove of handlers) remove();
    };
  }
}
