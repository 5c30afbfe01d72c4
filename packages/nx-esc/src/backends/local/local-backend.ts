import { readFile } from 'node:fs/promises';
import {
  checkEnvironment,
  type Diagnostic,
  type EnvironmentOutcome,
  type EvaluationHost,
  type EvaluationOptions,
  type ExportedValue,
  type LoadOptions,
  openEnvironment,
  type Provider,
} from 'esc-eval';
import { Failure } from '../../failures/failure';
import { createPulumiStacksProvider, type KnownOutputs } from '../../providers/pulumi-stacks/provider';
import type { StackOutputsReader } from '../../providers/pulumi-stacks/stack-outputs';
import type {
  Backend,
  BackendRequest,
  EvaluatedEnvironment,
  Inspection,
  LocatedDiagnostic,
  OpenedStack,
} from '../backend';
import { failureOfDiagnostics } from './diagnostic-failure';
import { type EnvironmentIndex, resolveEnvironment } from './environment-index';
import { refuseEscape } from './refuse-escape';

export interface LocalBackendOptions {
  readonly workspaceRoot: string;
  readonly organization?: string;
  readonly index: EnvironmentIndex;
  /** Reads the outputs of stacks; only where providers are not given. */
  readonly stackOutputs?: StackOutputsReader;
  /** Reads a file given by its absolute path; from the disk unless given. */
  readonly readFile?: (file: string) => Uint8Array | Promise<Uint8Array>;
  /** Outputs of stacks that checks take for known without reading any state. */
  readonly knownOutputs?: KnownOutputs;
  /** Providers that take the place of those of this backend. */
  readonly loadProvider?: (name: string) => Provider;
}

/** Pulumi names the document of a stack's `environment:` so. */
const ANONYMOUS = '<yaml>';
const EMPTY: ExportedValue = {
  value: new Map<string, ExportedValue>(),
  trace: { def: { begin: { line: 0, column: 0, byte: 0 }, end: { line: 0, column: 0, byte: 0 } } },
};

/** The part of an evaluation's host that opens and rotates. */
export type ProviderHost = Pick<EvaluationHost, 'loadProvider' | 'loadRotator'>;

type Evaluate = (options: EvaluationOptions) => Promise<EnvironmentOutcome>;

/** Evaluates the environments in the workspace's files, in this process. */
export class LocalBackend implements Backend {
  constructor(readonly options: LocalBackendOptions) {}

  check(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return new LocalEvaluation(this.options, request).run(checkEnvironment);
  }

  /**
   * Checks, and answers all that is found instead of failing. What is unknown says what it stands for in a symbolic
   * inspection.
   *
   * @throws Failure where the environment itself cannot be found
   */
  inspect(request: BackendRequest, { symbolic = false } = {}): Promise<Inspection> {
    return new LocalEvaluation(this.options, request).inspect(symbolic);
  }

  open(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return new LocalEvaluation(this.options, request).run(openEnvironment);
  }

  /** What it opens and rotates with, for evaluations of texts that are not in files. */
  providers(signal: AbortSignal): ProviderHost {
    const request: BackendRequest = { source: { kind: 'anonymous', text: '', file: '' }, signal };
    return new LocalEvaluation(this.options, request).host();
  }
}

class LocalEvaluation {
  readonly #files = new Map<string, string>();
  readonly #sources = new Map<string, string>();
  readonly #resolved = new Map<string, string>();
  readonly #stacks: OpenedStack[] = [];
  readonly #providerFailures = new Map<string, Failure>();
  readonly #warnings: LocatedDiagnostic[] = [];

  constructor(
    readonly options: LocalBackendOptions,
    readonly request: BackendRequest,
  ) {}

  /** Checks, and answers whatever is found. */
  async inspect(isSymbolic: boolean): Promise<Inspection> {
    const { name, outcome, diagnostics } = await this.#evaluate((options) =>
      checkEnvironment({ ...options, symbolic: isSymbolic }),
    );
    return {
      name,
      root: outcome.environment?.root ?? EMPTY,
      isEvaluated: outcome.environment !== null,
      diagnostics: [...this.#warnings, ...diagnostics],
      fileOf: (environment) => (environment === undefined ? undefined : this.#files.get(environment)),
      stacks: this.#stacks,
    };
  }

  async #evaluate(evaluate: Evaluate): Promise<{
    readonly name: string;
    readonly outcome: EnvironmentOutcome;
    readonly diagnostics: LocatedDiagnostic[];
  }> {
    const { name, source } = await this.#readRoot();
    const outcome = await evaluate({ name, source, host: this.host(), signal: this.request.signal });
    return { name, outcome, diagnostics: outcome.diagnostics.map((diagnostic) => this.#locate(diagnostic)) };
  }

  async run(evaluate: Evaluate): Promise<EvaluatedEnvironment> {
    const { name, outcome, diagnostics } = await this.#evaluate(evaluate);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      throw failureOfDiagnostics(errors, {
        workspaceRoot: this.options.workspaceRoot,
        sourceOf: (file) => this.#sources.get(file),
        stacks: this.#stacks,
        providerFailures: this.#providerFailures,
      });
    }
    return {
      name,
      root: outcome.environment?.root ?? EMPTY,
      environment: outcome.environment,
      warnings: [...this.#warnings, ...diagnostics],
      files: [...new Set(this.#files.values())],
      stacks: [...new Set(this.#stacks.map((stack) => stack.name))],
    };
  }

  async #readRoot(): Promise<{ readonly name: string; readonly source: Uint8Array | string }> {
    const { source } = this.request;
    if (source.kind === 'anonymous') {
      this.#files.set(ANONYMOUS, source.file);
      this.#sources.set(source.file, source.text);
      return { name: ANONYMOUS, source: source.text };
    }
    const { organization, index } = this.options;
    const { name, file } = resolveEnvironment(source.ref, index, organization === undefined ? {} : { organization });
    return { name, source: await this.#readFile(name, file) };
  }

  async #readFile(name: string, file: string): Promise<Uint8Array> {
    const read = this.options.readFile;
    if (read === undefined) await refuseEscape(this.options.workspaceRoot, file);
    const source = await (read ?? readFile)(file);
    this.#files.set(name, file);
    this.#sources.set(file, Buffer.from(source).toString('utf8'));
    return source;
  }

  host(): EvaluationHost {
    return {
      loadEnvironment: (name, options) => this.#load(name, options),
      loadProvider: (name) => this.#provider(name),
      loadRotator: (name) => {
        throw new Error(`unknown rotator ${JSON.stringify(name)}`);
      },
    };
  }

  async #load(written: string, { site }: LoadOptions): Promise<{ readonly source: Uint8Array }> {
    const { organization, index } = this.options;
    const importer =
      site.environment === undefined ? undefined : (this.#resolved.get(site.environment) ?? site.environment);
    try {
      const resolved = resolveEnvironment(written, index, {
        ...(organization !== undefined && { organization }),
        ...(importer !== undefined && { importer }),
      });
      this.#resolved.set(written, resolved.name);
      if (resolved.writeInstead !== undefined)
        this.#warnings.push(this.#siblingWarning(written, resolved.writeInstead, site));
      return { source: await this.#readFile(written, resolved.file) };
    } catch (error) {
      if (error instanceof Failure) this.#providerFailures.set(error.message, error);
      throw error;
    }
  }

  #siblingWarning(written: string, writeInstead: string, site: LoadOptions['site']): LocatedDiagnostic {
    return this.#locate({
      severity: 'warning',
      code: 'import-syntax',
      summary: `"${written}" means default/${written} in Pulumi Cloud`,
      hint: `write ${writeInstead}`,
      range: site,
      path: '',
    });
  }

  #provider(name: string): Provider {
    const { loadProvider, knownOutputs, stackOutputs } = this.options;
    if (loadProvider !== undefined) return loadProvider(name);
    if (name !== 'pulumi-stacks' || stackOutputs === undefined)
      throw new Error(`unknown provider ${JSON.stringify(name)}`);
    const provider = createPulumiStacksProvider({
      reader: stackOutputs,
      undeployedStacks: this.request.undeployedStacks ?? [],
      onStack: (stack) => this.#stacks.push(stack),
      ...(knownOutputs !== undefined && { knownOutputs }),
    });
    return { ...provider, open: (...request) => this.#keepFailure(provider.open(...request)) };
  }

  async #keepFailure(opening: unknown): Promise<unknown> {
    try {
      return await opening;
    } catch (error) {
      if (error instanceof Failure) this.#providerFailures.set(error.message, error);
      throw error;
    }
  }

  #locate(diagnostic: Diagnostic): LocatedDiagnostic {
    const range = diagnostic.range ?? diagnostic.place ?? null;
    const file = range?.environment === undefined ? undefined : this.#files.get(range.environment);
    const [root] = this.#files.values();
    return { ...diagnostic, range, file: file ?? (range === null ? root : undefined) };
  }
}
