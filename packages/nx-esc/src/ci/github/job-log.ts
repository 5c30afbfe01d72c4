import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { Environment } from '../../pulumi/environment';

/** Name of the runner's process, whose children are the steps of a job. */
const RUNNER = 'Runner.Worker';
const DEEPEST = 32;

/**
 * Writes workflow commands to the log of the job. They must reach the runner and nothing else: Nx keeps what its tasks
 * print on disk and puts a prefix before each line, and a mask that is not understood shows the secret that it was to
 * hide. Therefore they go to the standard output of the step itself, as the runner has opened it, past Nx and past any
 * pipe in between. Where that cannot be found (another system than Linux, a job in a container), the command `nx-esc`
 * uses its standard error, which the runner reads as well, and a task of Nx writes none.
 */
export function writeToJobLog(commands: string, env: Environment): boolean {
  if (commands === '') return true;
  const step = findStepOutput(process.ppid);
  try {
    if (step !== undefined) {
      const fd = openSync(step, 'a');
      try {
        writeAll(fd, commands);
      } finally {
        closeSync(fd);
      }
      return true;
    }
    if (isTaskOfNx(env)) return false;
    writeAll(2, commands);
    return true;
  } catch {
    return false;
  }
}

/** Nx sets them for each task that it runs. */
function isTaskOfNx(env: Environment): boolean {
  return env.NX_TASK_HASH !== undefined || env.NX_TASK_TARGET_PROJECT !== undefined;
}

/**
 * The standard output of the process that the runner started for this step. The runner's is a pipe: a file is what that
 * process sends its output to.
 */
function findStepOutput(from: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    let child = from;
    for (let depth = 0; depth < DEEPEST && child > 1; depth += 1) {
      const parent = parentOf(child);
      if (readFileSync(`/proc/${parent}/comm`, 'utf8').trim() === RUNNER) {
        const output = `/proc/${child}/fd/1`;
        return statSync(output).isFIFO() ? output : undefined;
      }
      child = parent;
    }
  } catch {
    // A process of another user, or no /proc.
  }
  return undefined;
}

function parentOf(pid: number): number {
  // The name, in parentheses, may hold anything; after it come the state and the parent (proc(5)).
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
}
