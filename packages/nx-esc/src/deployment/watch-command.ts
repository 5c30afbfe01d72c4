import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { environmentVariablesOf, filesOf } from 'esc-eval';
import type { EvaluatedEnvironment } from '../backends/backend';
import { overlayFileOf } from '../backends/local/overlay-file';
import { describeFailure } from '../failures/describe-failure';
import type { DeploymentServices } from './deployment';
import {
  exitCodeOfProcess,
  openForCommand,
  type RunCommandRequest,
  type RunningCommand,
  startInEnvironment,
} from './run-command';

/** Editors write a file in several steps. */
const SETTLING_MS = 100;
/** How long a command may take to end before it is killed. */
const PATIENCE_MS = 5000;

export interface WatchCommandRequest extends RunCommandRequest {
  /** Reads the workspace anew: what was opened before is not taken. */
  readonly createServices: () => DeploymentServices;
}

/**
 * Runs a command, and again whenever what it gets of its environment changes. It keeps running while the environment has
 * errors. Ends when it is cancelled, with the command's exit code.
 */
export async function watchInEnvironment(request: WatchCommandRequest): Promise<{ readonly code: number }> {
  const openedAt = Date.now();
  const services = request.createServices();
  const opened = await openForCommand(services, request);
  return new CommandWatcher(request, services).run(opened, openedAt);
}

class CommandWatcher {
  #running: RunningCommand | undefined;
  #received = '';
  #code = 0;

  constructor(
    readonly request: WatchCommandRequest,
    readonly services: DeploymentServices,
  ) {}

  async run(first: EvaluatedEnvironment, openedAt: number): Promise<{ readonly code: number }> {
    const { signal } = this.services;
    this.#start(this.services, first);
    if (first.files.length === 0)
      this.services.reporter.note(`${first.name} is kept elsewhere, not in files: its changes are not seen`);
    const changes = await watchFiles(first.files, openedAt);
    try {
      while (!signal.aborted) {
        if (!(await changes.next(signal))) break;
        const files = await this.#reopen();
        if (files !== undefined) changes.watch(files);
      }
    } finally {
      await changes.close();
    }
    // The signal that ended the watch was passed on to the command.
    await this.#stop();
    return { code: this.#code };
  }

  /** Opens the environment again, and restarts the command if it would get something else. */
  async #reopen(): Promise<readonly string[] | undefined> {
    const { reporter, workspaceRoot, signal } = this.services;
    try {
      const services = this.request.createServices();
      const opened = await openForCommand(services, this.request);
      if (receivedFrom(opened) !== this.#received || this.#running === undefined) {
        reporter.note('the environment has changed: the command starts again');
        await this.#stop();
        if (!signal.aborted) this.#start(services, opened);
      }
      return opened.files;
    } catch (error) {
      if (signal.aborted) return undefined;
      reporter.note(`${describeFailure(error, workspaceRoot)}\n  the command goes on with the environment as it was`);
      return undefined;
    }
  }

  #start(services: DeploymentServices, opened: EvaluatedEnvironment): void {
    const running = startInEnvironment(services, this.request, opened);
    this.#running = running;
    this.#received = receivedFrom(opened);
    running.ended.then(
      (result) => {
        this.#code = exitCodeOfProcess(result);
        if (this.#running !== running) return;
        this.#running = undefined;
        if (!this.services.signal.aborted)
          this.services.reporter.note(`the command ended with exit code ${this.#code}; a change starts it again`);
      },
      (error: unknown) => {
        if (this.#running === running) this.#running = undefined;
        this.services.reporter.note(describeFailure(error, this.services.workspaceRoot));
      },
    );
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    if (!this.services.signal.aborted) running.process.kill('SIGTERM');
    const kill = setTimeout(() => running.process.kill('SIGKILL'), PATIENCE_MS);
    await running.ended.catch(() => undefined);
    clearTimeout(kill);
  }
}

/** All that a command gets of an environment, to be compared; it stays in memory. */
function receivedFrom({ root }: EvaluatedEnvironment): string {
  return JSON.stringify([environmentVariablesOf(root), filesOf(root)]);
}

interface FileChanges {
  /** Waits for a change and for the files to settle; answers whether there was one before the signal. */
  next(signal: AbortSignal): Promise<boolean>;
  watch(files: readonly string[]): void;
  close(): Promise<void>;
}

/**
 * Watches the folders of files: editors replace files, and overlays come and go. What changed since they were read, before
 * they could be watched, counts.
 */
async function watchFiles(files: readonly string[], since: number): Promise<FileChanges> {
  const { watch } = await import('chokidar');
  const watched = new Set<string>();
  const add = (added: readonly string[]): string[] => {
    for (const file of added) for (const each of [file, overlayFileOf(file)]) watched.add(each);
    return [...new Set(added.map((file) => dirname(file)))];
  };
  const watcher = watch(add(files), {
    depth: 0,
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !/\.ya?ml$/.test(basename(path)),
  });
  let notify: (() => void) | undefined;
  let isChanged = false;
  watcher.on('all', (_event, path) => {
    if (!watched.has(path)) return;
    isChanged = true;
    notify?.();
  });
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  isChanged ||= [...watched].some((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > since);
  return {
    async next(signal) {
      while (!isChanged) {
        if (signal.aborted) return false;
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            signal.removeEventListener('abort', wake);
            resolve();
          };
          notify = wake;
          signal.addEventListener('abort', wake, { once: true });
        });
      }
      while (isChanged && !signal.aborted) {
        isChanged = false;
        await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
      }
      return !signal.aborted;
    },
    watch: (more) => void watcher.add(add(more)),
    close: () => watcher.close(),
  };
}
