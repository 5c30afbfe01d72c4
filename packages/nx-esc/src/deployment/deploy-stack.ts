import { existsSync } from 'node:fs';
import type { ExportedValue } from 'esc-eval';
import type { EnvironmentSource } from '../backends/backend';
import { createCommandGuard } from '../ci/github/workflow-command';
import { Failure } from '../failures/failure';
import { PrivateFolder } from '../process/private-folder';
import { type ProcessResult, streamProcess } from '../process/run-process';
import { Supervisor } from '../process/supervised-process';
import { resolveBackend, type StateBackend } from '../pulumi/backend-url';
import { stackFileOf } from '../pulumi/project-file';
import { stateFileOf } from '../pulumi/state-file';
import { audited, type AuditFacts, factsOfEnvironment } from './audited';
import { DeploymentIdentity } from './deployment-identity';
import type { AppCommands, DeploymentServices, DeploymentSummary, StackTarget } from './deployment';
import { nameOfSource, openForDeployment, processEnvironmentOf } from './opened-environment';
import { cancelledFailure, failureOfPulumi } from './pulumi-failures';
import { describeResources, readResourceCounts, TailBuffer } from './pulumi-output';
import { adoptStateSalt, writeStackConfig } from './stack-config';
import { exitCodeOfProcess } from './run-command';
import { readStackFile, type StackFile } from './stack-file';
import { lockFileOf, waitForEarlierRun } from './stack-lock';

type Operation = 'up' | 'preview' | 'destroy';

/** Operations that change a stack must end in their own time; a preview may be cut off. */
const SUPERVISED: ReadonlySet<Operation> = new Set(['up', 'destroy']);
const APPROVAL: Readonly<Record<Operation, readonly string[]>> = {
  up: ['--yes', '--skip-preview'],
  preview: [],
  destroy: ['--yes', '--skip-preview'],
};
const NO_SUCH_STACK = /no stack named/i;

/** One stack and the run that deploys it. */
export class StackDeployment {
  readonly #backend: StateBackend;
  readonly #phases: { name: string; milliseconds: number }[] = [];
  readonly #facts: AuditFacts;
  #resources: Readonly<Record<string, number>> = {};
  #identity: DeploymentIdentity | undefined;

  constructor(
    private services: DeploymentServices,
    readonly target: StackTarget,
    /** A supervisor that is starting already; without one, one is started when it is needed. */
    private supervisor?: Supervisor,
  ) {
    this.#facts = { stack: `${target.projectName}/${target.stack}` };
    this.#backend = resolveBackend(services.cli.baseEnv, target.backendUrl, target.folder);
  }

  /**
   * Deploys: identity, open, `pulumi up`, open again, the app's own commands.
   *
   * @throws Failure of the class of the phase that failed
   */
  async deploy(app: AppCommands, args: readonly string[] = []): Promise<DeploymentSummary> {
    return audited(this.services, 'deploy', this.#facts, () =>
      this.#withIdentity(async () => {
        await this.#runPulumi('up', args);
        if (app.commands.length > 0) await this.#runCommands(app);
      }),
    );
  }

  async preview(args: readonly string[] = []): Promise<DeploymentSummary> {
    return this.#withIdentity(() => this.#runPulumi('preview', args));
  }

  async destroy(args: readonly string[] = []): Promise<DeploymentSummary> {
    return audited(this.services, 'destroy', this.#facts, () =>
      this.#withIdentity(() => this.#runPulumi('destroy', args)),
    );
  }

  async #withIdentity(run: () => Promise<void>): Promise<DeploymentSummary> {
    try {
      await this.#identify();
      await run();
      return { stack: this.#stackName, phases: this.#phases, resources: this.#resources };
    } finally {
      this.#identity?.close();
    }
  }

  get #stackName(): string {
    return `${this.target.projectName}/${this.target.stack}`;
  }

  async #phase<T>(title: string, run: () => Promise<{ readonly summary: string; readonly result: T }>): Promise<T> {
    const { reporter, signal } = this.services;
    if (signal.aborted) throw cancelledFailure(`the deployment was cancelled before "${title}"`);
    reporter.phase(title);
    const started = performance.now();
    try {
      const { summary, result } = await run();
      const milliseconds = Math.round(performance.now() - started);
      this.#phases.push({ name: title, milliseconds });
      reporter.phaseDone(summary, milliseconds);
      return result;
    } catch (error) {
      if (signal.aborted && !(error instanceof Failure))
        throw cancelledFailure(`the deployment was cancelled during "${title}"`);
      throw error;
    }
  }

  async #identify(): Promise<void> {
    const { providers, cli, audit } = this.services;
    try {
      this.#identity = await this.#phase('identity', async () => {
        const result = await DeploymentIdentity.establish(providers, this.target.roles, this.#backend);
        return { summary: result.summary, result };
      });
    } catch (error) {
      throw await this.#besideConfigFaults(error);
    }
    audit?.identify(this.#identity.who);
    this.services = { ...this.services, cli: cli.with(this.#identity.pulumiVariables) };
  }

  /** What is wrong with the definitions is said even when nobody can log in: it comes first, for it will stay. */
  async #besideConfigFaults(error: unknown): Promise<unknown> {
    const { backend, signal } = this.services;
    if (!(error instanceof Failure) || error.failureClass !== 'identity') return error;
    try {
      const source = readStackFile(stackFileOf(this.target.folder, this.target.stack)).environment;
      const checked = source ?? this.target.defaultEnvironment;
      if (checked !== undefined) await backend.check({ source: checked, signal });
      return error;
    } catch (fault) {
      return fault instanceof Failure && fault.failureClass === 'config' ? fault.beside(error) : error;
    }
  }

  async #runPulumi(operation: Operation, args: readonly string[]): Promise<void> {
    const stackFile = readStackFile(stackFileOf(this.target.folder, this.target.stack));
    const root = await this.#open(stackFile, 'open', [this.#stackName]);
    await this.#phase(`pulumi ${operation}`, async () => {
      const result = await this.#runOnStack({ operation, args, file: stackFile.file, root });
      return { summary: describeResources(result), result };
    });
    this.services.stackOutputs.forget({ project: this.target.projectName, stack: this.target.stack });
  }

  /** Opens the environment of the stack, if it has one. */
  #open(stackFile: StackFile, title: string, undeployedStacks: readonly string[]): Promise<ExportedValue | undefined> {
    const source = stackFile.environment ?? this.target.defaultEnvironment;
    if (source === undefined) return Promise.resolve(undefined);
    return this.#phase(`${title} ${describeSource(source)}`, async () => {
      const opened = await openForDeployment(this.services, {
        source,
        undeployedStacks,
        signal: this.services.signal,
        roles: this.target.roles,
      });
      Object.assign(this.#facts, factsOfEnvironment(opened, this.services.workspaceRoot), {
        environment: nameOfSource(source, this.services.workspaceRoot),
      });
      const stacks = opened.stacks.length === 0 ? '' : `, stacks ${opened.stacks.join(', ')}`;
      const summary = opened.files.length === 0 ? 'opened' : `${opened.files.length} files${stacks}`;
      return { summary, result: opened.root };
    });
  }

  /** Runs pulumi, and again where it was the stack that was missing. */
  async #runOnStack(request: PulumiRun): Promise<Readonly<Record<string, number>>> {
    await this.#ensureStack();
    const { target, services } = this;
    let { result, output } = await this.#runWithConfig(request);
    if (result.code !== 0 && NO_SUCH_STACK.test(output) && request.operation !== 'destroy') {
      await this.#createStack();
      ({ result, output } = await this.#runWithConfig(request));
    }
    this.#resources = readResourceCounts(output);
    if (result.code === 0 && result.signal === null) return this.#resources;
    throw failureOfPulumi({
      ...result,
      output,
      operation: request.operation,
      wasCancelled: services.signal.aborted,
      stack: target.stack,
    });
  }

  /** Runs pulumi with what the environment gives it, in a folder of its own: the supervisor removes that with its child. */
  async #runWithConfig(request: PulumiRun): Promise<PulumiOutcome> {
    const { target, services } = this;
    const { operation, args, root } = request;
    const folder = new PrivateFolder();
    try {
      const stackFile = readStackFile(request.file);
      await adoptStateSalt(stackFile, target, this.#backend.folder);
      const configFile = await writeStackConfig({ services, target, stackFile, root, folder });
      const { variables, omitted } =
        root === undefined
          ? { variables: {}, omitted: [] }
          : processEnvironmentOf(root, () => folder, { allowedVariables: services.allowedVariables });
      if (omitted.length > 0)
        services.reporter.note(`not known before the stack is deployed, left out for now: ${omitted.join(', ')}`);
      const config = configFile === undefined ? [] : ['--config-file', configFile];
      return await this.#start([operation, ...APPROVAL[operation], ...config, ...args], {
        operation,
        folder,
        variables,
      });
    } finally {
      folder.remove();
    }
  }

  /** Creates a stack that is missing, where that can be seen without a run of pulumi. */
  async #ensureStack(): Promise<void> {
    const { folder } = this.#backend;
    if (folder === undefined) return;
    const file = stateFileOf(folder, { project: this.target.projectName, stack: this.target.stack });
    if (!existsSync(file) && !existsSync(`${file}.gz`)) await this.#createStack();
  }

  async #createStack(): Promise<void> {
    const { cli, reporter, signal } = this.services;
    reporter.note(`creating the stack ${this.#stackName}`);
    const { code, stderr } = await cli.capture(['stack', 'init', this.#stackArgument, '--no-select'], {
      cwd: this.target.folder,
      signal,
    });
    if (code === 0 || /already exists/i.test(stderr)) return;
    throw failureOfPulumi({
      operation: 'stack init',
      code,
      signal: null,
      output: stderr,
      wasCancelled: signal.aborted,
      stack: this.target.stack,
    });
  }

  get #stackArgument(): string {
    const { organization, projectName, stack } = this.target;
    return this.#backend.isCloud && organization !== undefined ? `${organization}/${projectName}/${stack}` : stack;
  }

  async #start(args: readonly string[], { operation, folder, variables }: PulumiStart): Promise<PulumiOutcome> {
    const { cli, redactor, reporter, signal } = this.services;
    const tail = new TailBuffer();
    // What pulumi shows comes from afar: it gives no commands to the CI.
    const createPrinter = (): ((chunk: Buffer) => void) => {
      const guard = createCommandGuard(cli.baseEnv);
      return (chunk) => {
        tail.add(chunk);
        reporter.output(guard(chunk));
      };
    };
    const request = {
      command: cli.command,
      args: [...args, '--non-interactive', '--color', 'never', '--stack', this.#stackArgument],
      cwd: this.target.folder,
      env: cli.env(variables),
      signal,
    };
    const output = { stdout: createPrinter(), stderr: createPrinter() };
    if (!SUPERVISED.has(operation) || process.platform === 'win32') {
      return { result: await streamProcess(request, redactor, output), output: tail.text() };
    }
    const lockFile = lockFileOf(this.#backend.url, this.#stackName);
    await waitForEarlierRun(lockFile, signal, () =>
      reporter.note('an earlier run of this stack is still finishing: waiting for it'),
    );
    const onAbort = (): void => reporter.note('interrupted: pulumi finishes what it has begun, and unlocks the stack');
    signal.addEventListener('abort', onAbort, { once: true });
    folder.handOver();
    const supervisor = this.supervisor ?? new Supervisor();
    this.supervisor = undefined;
    const result = await supervisor.run({ ...request, lockFile, removeAfterwards: [folder.path] }, redactor, output);
    signal.removeEventListener('abort', onAbort);
    return { result, output: tail.text() };
  }

  async #runCommands({ commands, cwd }: AppCommands): Promise<void> {
    const folder = new PrivateFolder();
    try {
      const stackFile = readStackFile(stackFileOf(this.target.folder, this.target.stack));
      const root = await this.#open(stackFile, 'open again', []);
      const variables =
        root === undefined
          ? {}
          : processEnvironmentOf(root, () => folder, { allowedVariables: this.services.allowedVariables }).variables;
      for (const command of commands) await this.#runCommand(command, cwd, variables);
    } finally {
      folder.remove();
    }
  }

  #runCommand(command: string, cwd: string, variables: Readonly<Record<string, string>>): Promise<void> {
    const { cli, redactor, reporter, signal } = this.services;
    return this.#phase(command, async () => {
      const identity = await this.#identity?.commandVariables();
      const { code, signal: ending } = await streamProcess(
        { command, args: [], shell: true, cwd, env: { ...cli.baseEnv, ...identity, ...variables }, signal },
        redactor,
        { stdout: (chunk) => reporter.output(chunk), stderr: (chunk) => reporter.output(chunk) },
      );
      if (signal.aborted) throw cancelledFailure(`"${command}" was cancelled; the stack itself has been deployed`);
      if (code === 0 && ending === null) return { summary: 'done', result: undefined };
      throw new Failure({
        class: 'deploy',
        code: 'command-failed',
        message: `"${command}" ended with ${ending === null ? `exit code ${code}` : `signal ${ending}`}`,
        hint: 'the stack itself has been deployed; mend the command and deploy again',
        exitCode: exitCodeOfProcess({ code, signal: ending }),
      });
    });
  }
}

interface PulumiRun {
  readonly operation: Operation;
  readonly args: readonly string[];
  /** File of the stack. */
  readonly file: string;
  readonly root: ExportedValue | undefined;
}

interface PulumiStart {
  readonly operation: Operation;
  readonly folder: PrivateFolder;
  readonly variables: Readonly<Record<string, string>>;
}

interface PulumiOutcome {
  readonly result: ProcessResult;
  readonly output: string;
}

function describeSource(source: EnvironmentSource): string {
  return source.kind === 'reference' ? source.ref : 'the environment of the stack';
}
