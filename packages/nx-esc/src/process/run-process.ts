import { spawn } from 'node:child_process';
import type { Redactor } from './redactor';

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Runs the command line of a user in a shell; our own commands never do. */
  readonly shell?: boolean;
  /** Text for the child's standard input, where secrets may go. */
  readonly input?: string;
}

export interface ProcessResult {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

export interface CapturedProcess extends ProcessResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a child and keeps what it prints. Rejects where the command cannot be started. */
export async function captureProcess(request: ProcessRequest): Promise<CapturedProcess> {
  const { stdout, ...result } = await captureBytes(request);
  return { ...result, stdout: stdout.toString() };
}

/** Runs a child and keeps what it prints as it is: its output need not be text. */
export async function captureBytes(
  request: ProcessRequest,
): Promise<ProcessResult & { readonly stdout: Buffer; readonly stderr: string }> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const result = await start(request, {
    stdout: (chunk) => stdout.push(chunk),
    stderr: (chunk) => stderr.push(chunk),
  });
  return { ...result, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

export interface Output {
  readonly stdout: (chunk: Buffer) => void;
  readonly stderr: (chunk: Buffer) => void;
}

/** Runs a child and passes on what it prints, redacted as it streams. */
export async function streamProcess(
  request: ProcessRequest,
  redactor: Redactor,
  output: Output,
): Promise<ProcessResult> {
  const out = redactor.createStream();
  const err = redactor.createStream();
  const result = await start(request, {
    stdout: (chunk) => output.stdout(out.write(chunk)),
    stderr: (chunk) => output.stderr(err.write(chunk)),
  });
  output.stdout(out.end());
  output.stderr(err.end());
  return result;
}

function start(request: ProcessRequest, output: Output): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const { command, args, cwd, env, signal, input, shell = false } = request;
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      cwd,
      env: env as NodeJS.ProcessEnv,
      shell,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const interrupt = (): void => void child.kill('SIGINT');
    signal?.addEventListener('abort', interrupt, { once: true });
    child.stdout?.on('data', output.stdout);
    child.stderr?.on('data', output.stderr);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    child.once('error', (error) => {
      signal?.removeEventListener('abort', interrupt);
      reject(error);
    });
    child.once('close', (code, endSignal) => {
      signal?.removeEventListener('abort', interrupt);
      resolve({ code: code ?? 1, signal: endSignal });
    });
  });
}
