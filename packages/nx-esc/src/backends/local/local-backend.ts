import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  checkEnvironment,
  type Decrypter,
  type Diagnostic,
  type EnvironmentOutcome,
  type EvaluationHost,
  type EvaluationOptions,
  type ExportedValue,
  type LoadedEnvironment,
  type LoadOptions,
  openEnvironment,
  type Provider,
  ProviderFault,
  rotateEnvironment,
  type RotationOutcome,
  type Rotator,
} from 'esc-eval';
import { Failure } from '../../failures/failure';
import { type AwsEnvironmentOptions, type AwsRoles, awsRolesOf, NO_ROLES } from '../../aws/aws-roles';
import { createModuleProvider } from '../../providers/module/load-module';
import type { ProviderContext, ProviderServices } from '../../providers/provider-context';
import { ProviderFailure } from '../../providers/provider-failure';
import type { KnownOutputs } from '../../providers/pulumi-stacks/provider';
import { signInToState } from '../../providers/pulumi-stacks/sign-in';
import { createProvider } from '../../providers/registry';
import { loadRotator } from '../../providers/rotators';
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
import { overlayFileOf } from './overlay-file';
import { type EnvironmentIndex, resolveEnvironment } from './environment-index';
import { refuseEscape } from './refuse-escape';
import { type Rotation, type RotationRequest, withoutRotating } from './rotation';

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
  /** What providers other than pulumi-stacks work with; without it there are none. */
  readonly providers?: ProviderServices;
  /** Modules of the workspace that are providers, by the name of the provider. */
  readonly providerModules?: Readonly<Record<string, string>>;
  /** AWS identities by the name of an environment. */
  readonly awsEnvironments?: Readonly<Record<string, AwsEnvironmentOptions>>;
  /** Providers that take the place of those of this backend. */
  readonly loadProvider?: (name: string) => Provider | Promise<Provider>;
  /** Opens secrets at rest; checks do without. */
  readonly decrypter?: Decrypter;
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

  /**
   * Opens an environment and rotates its secrets. Secrets that could be rotated are, also where others fail.
   *
   * @throws Failure where the environment itself cannot be found
   */
  rotate(request: BackendRequest, rotation: RotationRequest): Promise<Rotation> {
    return new LocalEvaluation(this.options, request).rotate(rotation);
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
  #overlay: string | undefined;
  #expiresAt: Date | undefined;
  readonly #decrypter: Decrypter = {
    decrypt: async (ciphertext) => {
      const { decrypter } = this.options;
      if (decrypter === undefined) throw new Error('no decrypter is available for this environment');
      return this.#keepFailure(
        callAsync(() => decrypter.decrypt(ciphertext)),
        'decrypting: ',
      );
    },
  };
  #roles: AwsRoles;

  constructor(
    readonly options: LocalBackendOptions,
    readonly request: BackendRequest,
  ) {
    this.#roles = request.roles ?? NO_ROLES;
  }

  readonly #fileOf = (environment: string | undefined): string | undefined =>
    environment === undefined ? undefined : this.#files.get(environment);

  /** Checks, and answers whatever is found. */
  async inspect(isSymbolic: boolean): Promise<Inspection> {
    const { name, outcome, diagnostics } = await this.#evaluate((options) =>
      checkEnvironment({ ...options, symbolic: isSymbolic }),
    );
    return {
      name,
      root: outcome.environment?.root ?? EMPTY,
      environment: outcome.environment,
      ...(this.#overlay !== undefined && { overlay: this.#overlay }),
      isEvaluated: outcome.environment !== null,
      diagnostics: [...this.#warnings, ...diagnostics],
      fileOf: this.#fileOf,
      stacks: this.#stacks,
    };
  }

  async #evaluate(evaluate: Evaluate): Promise<{
    readonly name: string;
    readonly outcome: EnvironmentOutcome;
    readonly diagnostics: LocatedDiagnostic[];
  }> {
    const { name, ...root } = await this.#readRoot();
    const { signal } = this.request;
    const outcome = await evaluate({ name, ...root, host: this.host(), signal, decrypter: this.#decrypter });
    return { name, outcome, diagnostics: outcome.diagnostics.map((diagnostic) => this.#locate(diagnostic)) };
  }

  async run(evaluate: Evaluate): Promise<EvaluatedEnvironment> {
    const { name, outcome, diagnostics } = await this.#evaluate(evaluate);
    const failure = this.#failureOf(diagnostics);
    if (failure !== undefined) throw failure;
    return {
      name,
      root: outcome.environment?.root ?? EMPTY,
      environment: outcome.environment,
      warnings: [...this.#warnings, ...diagnostics],
      files: [...new Set(this.#files.values())],
      stacks: [...new Set(this.#stacks.map((stack) => stack.name))],
      fileOf: this.#fileOf,
      ...(this.#expiresAt !== undefined && { expiresAt: this.#expiresAt }),
      ...(this.#overlay !== undefined && { overlay: this.#overlay }),
    };
  }

  async rotate({ paths, keepState, isDryRun }: RotationRequest): Promise<Rotation> {
    let rotations: readonly RotationOutcome[] = [];
    const { diagnostics } = await this.#evaluate(async (options) => {
      const keep: typeof keepState = (patch) =>
        this.#keepFailure(
          callAsync(() => keepState(patch)),
          'rotate: ',
        );
      const host = isDryRun ? withoutRotating(options.host) : { ...options.host, keepState: keep };
      const result = await rotateEnvironment({ ...options, host, paths });
      rotations = result.rotations;
      return result;
    });
    // What was to be rotated and was not comes before what the rest of the environment lacks.
    const refused = diagnostics.filter(({ code }) => code === 'rotation-failed');
    return { rotations, failure: this.#failureOf(refused.length > 0 ? refused : diagnostics) };
  }

  #failureOf(diagnostics: readonly LocatedDiagnostic[]): Failure | undefined {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length === 0) return undefined;
    return failureOfDiagnostics(errors, {
      workspaceRoot: this.options.workspaceRoot,
      sourceOf: (file) => this.#sources.get(file),
      stacks: this.#stacks,
      providerFailures: this.#providerFailures,
    });
  }

  async #readRoot(): Promise<Pick<EvaluationOptions, 'name' | 'source' | 'mergedOver'>> {
    const { source, appliesOverlay = false } = this.request;
    if (source.kind === 'anonymous') {
      this.#files.set(ANONYMOUS, source.file);
      this.#sources.set(source.file, source.text);
      return { name: ANONYMOUS, source: source.text };
    }
    const { organization, index, awsEnvironments } = this.options;
    const { name, file } = resolveEnvironment(source.ref, index, organization === undefined ? {} : { organization });
    this.#roles = this.request.roles ?? awsRolesOf(name, awsEnvironments);
    const overlay = overlayFileOf(file);
    if (!appliesOverlay || !existsSync(overlay)) return { name, source: await this.#readFile(name, file) };
    this.#overlay = overlay;
    // Without a name of its own, it leaves that of the environment to `${context.rootEnvironment}`.
    return { name: ANONYMOUS, source: await this.#readFile(ANONYMOUS, overlay), mergedOver: [name] };
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
      loadRotator: (name) => this.#watchRotator(loadRotator(name)),
    };
  }

  async #load(written: string, { site }: LoadOptions): Promise<LoadedEnvironment> {
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
      return { source: await this.#readFile(written, resolved.file), decrypter: this.#decrypter };
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

  #provider(name: string): Provider | Promise<Provider> {
    const { loadProvider, providers, providerModules, workspaceRoot } = this.options;
    if (loadProvider !== undefined) return loadProvider(name);
    const path =
      providerModules !== undefined && Object.hasOwn(providerModules, name) ? providerModules[name] : undefined;
    if (path !== undefined && providers !== undefined)
      return this.#keepFailure(this.#moduleProvider({ name, path, workspaceRoot, services: providers }));
    const provider = providers && createProvider(name, this.#providerContext(providers));
    if (provider === undefined) throw new Error(`unknown provider ${JSON.stringify(name)}`);
    return this.#watch(provider);
  }

  async #moduleProvider(request: Parameters<typeof createModuleProvider>[0]): Promise<Provider> {
    return this.#watch(await createModuleProvider(request));
  }

  #providerContext(services: ProviderServices): ProviderContext {
    const { knownOutputs, stackOutputs } = this.options;
    const roles = this.#roles;
    const stacks = stackOutputs && {
      reader: stackOutputs,
      undeployedStacks: this.request.undeployedStacks ?? [],
      onStack: (stack: OpenedStack) => void this.#stacks.push(stack),
      signIn: signInToState(services, roles),
      ...(knownOutputs !== undefined && { knownOutputs }),
    };
    const onExpiry = (time: Date): void => {
      if (this.#expiresAt === undefined || time < this.#expiresAt) this.#expiresAt = time;
    };
    return { services, roles, stacks, onExpiry };
  }

  #watch(provider: Provider): Provider {
    return { ...provider, open: (...request) => this.#keepFailure(callAsync(() => provider.open(...request))) };
  }

  #watchRotator(rotator: Rotator): Rotator {
    return {
      ...rotator,
      open: (...request) => this.#keepFailure(callAsync(() => rotator.open(...request))),
      rotate: (...request) =>
        this.#keepFailure(
          callAsync(() => rotator.rotate(...request)),
          'rotate: ',
        ),
    };
  }

  /** Remembers a failure by the words that its diagnostic will have: the evaluator passes on messages alone. */
  async #keepFailure<T>(opening: Promise<T>, prefix = ''): Promise<T> {
    try {
      return await opening;
    } catch (error) {
      const failure = error instanceof ProviderFailure ? error.failure : error;
      if (!(failure instanceof Failure)) throw error;
      this.#providerFailures.set(`${prefix}${failure.message}`, failure);
      if (error instanceof ProviderFailure) throw error;
      throw new ProviderFault(failure.message, failure.hint === undefined ? {} : { hint: failure.hint });
    }
  }

  #locate(diagnostic: Diagnostic): LocatedDiagnostic {
    const range = diagnostic.range ?? diagnostic.place ?? null;
    const file = range?.environment === undefined ? undefined : this.#files.get(range.environment);
    const [root] = this.#files.values();
    return { ...diagnostic, range, file: file ?? (range === null ? root : undefined) };
  }
}

async function callAsync<T>(call: () => T): Promise<Awaited<T>> {
  return await call();
}
