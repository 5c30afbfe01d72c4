import { existsSync } from 'node:fs';
import type { ExportedValue } from 'esc-eval';
import { createCommandGuard } from '../ci/github/workflow-command';
import { withheldVariables } from '../process/child-variables';
import { PrivateFolder } from '../process/private-folder';
import { type ProcessResult, streamProcess } from '../process/run-process';
import { Supervisor } from '../process/supervised-process';
import type { StateBackend } from '../pulumi/backend-url';
import { stateFileOf } from '../pulumi/state-file';
import type { DeploymentServices, StackTarget } from './deployment';
import { processEnvironmentOf } from './opened-environment';
import { failureOfPulumi } from './pulumi-failures';
import { readResourceCounts, TailBuffer } from './pulumi-output';
import { adoptStateSalt, writeStackConfig } from './stack-config';
import { readStackFile } from './stack-file';
import { lockFileOf, waitForEarlierRun } from './stack-lock';

export type Operation = 'up' | 'preview' | 'destroy';

/** Operations that change a stack must end in their own time; a preview may be cut off. */
const SUPERVISED: ReadonlySet<Operation> = new Set(['up', 'destroy']);
const APPROVAL: Readonly<Record<Operation, readonly string[]>> = {
  up: ['--yes', '--skip-preview'],
  preview: [],
  destroy: ['--yes', '--skip-preview'],
};
const NO_SUCH_STACK = /no stack named/i;

/** What pulumi is run with. */
export interface StackOperationRequest {
  readonly operation: Operation;
  readonly args: readonly string[];
  /** File of the stack. */
  readonly file: string;
  /** The environment that was opened for the stack, if it has one. */
  readonly root: ExportedValue | undefined;
}

interface OperationContext {
  readonly services: DeploymentServices;
  readonly target: StackTarget;
  readonly backend: StateBackend;
  /** A supervisor that is starting already; without one, one is started when it is needed. */
  readonly supervisor: Supervisor | undefined;
}

/** Counts of resources by what was done to them. */
type ResourceCounts = Readonly<Record<string, number>>;

/**
 * Runs pulumi once on a stack, with the configuration and the variables of its environment, and again where it was the
 * stack that was missing.
 *
 * @throws Failure of the class deploy
 */
export function runStackOperation(context: OperationContext, request: StackOperationRequest): Promise<ResourceCounts> {
  return new StackOperation(context, request).run();
}

class StackOperation {
  #supervisor: Supervisor | undefined;

  constructor(
    readonly context: OperationContext,
    readonly request: StackOperationRequest,
  ) {
    this.#supervisor = context.supervisor;
  }

  async run(): Promise<ResourceCounts> {
    const { operation } = this.request;
    const { target, services } = this.context;
    await this.#ensureStack();
    let { result, output } = await this.#runWithConfig();
    if (result.code !== 0 && NO_SUCH_STACK.test(output) && operation !== 'destroy') {
      await this.#createStack();
      ({ result, output } = await this.#runWithConfig());
    }
    if (result.code === 0 && result.signal === null) return readResourceCounts(output);
    throw failureOfPulumi({
      ...result,
      output,
      operation,
      wasCancelled: services.signal.aborted,
      stack: target.stack,
      withheld: this.#withheld,
    });
  }

  /** Runs pulumi with what the environment gives it, in a folder of its own: the supervisor removes that with its child. */
  async #runWithConfig(): Promise<PulumiOutcome> {
    const { target, services, backend } = this.context;
    const { operation, args, root, file } = this.request;
    const folder = new PrivateFolder();
    try {
      const stackFile = readStackFile(file);
      await adoptStateSalt(stackFile, target, backend.folder);
      const configFile = await writeStackConfig({ services, target, stackFile, root, folder });
      const { variables, omitted } =
        root === undefined
          ? { variables: {}, omitted: [] }
          : processEnvironmentOf(root, () => folder, { allowedVariables: services.allowedVariables });
      if (omitted.length > 0)
        services.reporter.note(`not known before the stack is deployed, left out for now: ${omitted.join(', ')}`);
      const config = configFile === undefined ? [] : ['--config-file', configFile];
      return await this.#start([operation, ...APPROVAL[operation], ...config, ...args], { folder, variables });
    } finally {
      folder.remove();
    }
  }

  /** Creates a stack that is missing, where that can be seen without a run of pulumi. */
  async #ensureStack(): Promise<void> {
    const { target, backend } = this.context;
    if (backend.folder === undefined) return;
    const file = stateFileOf(backend.folder, { project: target.projectName, stack: target.stack });
    if (!existsSync(file) && !existsSync(`${file}.gz`)) await this.#createStack();
  }

  async #createStack(): Promise<void> {
    const { target } = this.context;
    const { cli, reporter, signal } = this.context.services;
    reporter.note(`creating the stack ${this.#stackName}`);
    const { code, stderr } = await cli.capture(['stack', 'init', this.#stackArgument, '--no-select'], {
      cwd: target.folder,
      signal,
    });
    if (code === 0 || /already exists/i.test(stderr)) return;
    throw failureOfPulumi({
      operation: 'stack init',
      code,
      signal: null,
      output: stderr,
      wasCancelled: signal.aborted,
      stack: target.stack,
      withheld: this.#withheld,
    });
  }

  get #withheld(): string[] {
    const { providers, cli } = this.context.services;
    return withheldVariables(providers.env, cli.baseEnv);
  }

  get #stackName(): string {
    const { projectName, stack } = this.context.target;
    return `${projectName}/${stack}`;
  }

  get #stackArgument(): string {
    const { organization, projectName, stack } = this.context.target;
    return this.context.backend.isCloud && organization !== undefined
      ? `${organization}/${projectName}/${stack}`
      : stack;
  }

  async #start(args: readonly string[], { folder, variables }: PulumiStart): Promise<PulumiOutcome> {
    const { operation } = this.request;
    const { target, backend, services } = this.context;
    const { cli, redactor, reporter, signal } = services;
    const tail = new TailBuffer();
    // What pulumi shows comes from afar: it gives no commands to the CI.
    const createPrinter = (): ((chunk: Buffer) => void) => {
      const guard = createCommandGuard(cli.baseEnv);
      return (chunk) => {
        tail.add(chunk);
        // A stack that is missing is created, and that is said.
        if (operation === 'destroy' || !NO_SUCH_STACK.test(chunk.toString())) reporter.output(guard(chunk));
      };
    };
    const request = {
      command: cli.command,
      args: [...args, '--non-interactive', '--color', 'never', '--stack', this.#stackArgument],
      cwd: target.folder,
      env: cli.env(variables),
      signal,
    };
    const output = { stdout: createPrinter(), stderr: createPrinter() };
    if (!SUPERVISED.has(operation) || process.platform === 'win32') {
      return { result: await streamProcess(request, redactor, output), output: tail.text() };
    }
    const lockFile = lockFileOf(backend.url, this.#stackName);
    await waitForEarlierRun(lockFile, signal, () =>
      reporter.note('an earlier run of this stack is still finishing: waiting for it'),
    );
    const onAbort = (): void => reporter.note('interrupted: pulumi finishes what it has begun, and unlocks the stack');
    signal.addEventListener('abort', onAbort, { once: true });
    folder.handOver();
    const supervisor = this.#supervisor ?? new Supervisor();
    this.#supervisor = undefined;
    const result = await supervisor.run({ ...request, lockFile, removeAfterwards: [folder.path] }, redactor, output);
    signal.removeEventListener('abort', onAbort);
    return { result, output: tail.text() };
  }
}

interface PulumiStart {
  readonly folder: PrivateFolder;
  readonly variables: Readonly<Record<string, string>>;
}

interface PulumiOutcome {
  readonly result: ProcessResult;
  readonly output: string;
}
