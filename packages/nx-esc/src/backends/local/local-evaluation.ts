import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  checkEnvironment,
  type Diagnostic,
  type EnvironmentOutcome,
  type EvaluationHost,
  type EvaluationOptions,
  type ExportedValue,
  type LoadedEnvironment,
  type LoadOptions,
  rotateEnvironment,
  type RotationOutcome,
} from 'esc-eval';
import { type AwsEnvironmentOptions, type AwsRoles, awsRolesOf, NO_ROLES } from '../../aws/aws-roles';
import { Failure } from '../../failures/failure';
import type { BackendRequest, EvaluatedEnvironment, Inspection, LocatedDiagnostic } from '../backend';
import { failureOfDiagnostics } from './diagnostic-failure';
import { type EnvironmentIndex, resolveEnvironment } from './environment-index';
import { faultySecretOf } from './faulty-secret';
import { overlayFileOf } from './overlay-file';
import { type Caller, type ProviderCallOptions, ProviderCalls } from './provider-calls';
import { refuseEscape } from './refuse-escape';
import { type Rotation, type RotationRequest, withoutRotating } from './rotation';

export interface LocalEvaluationOptions extends ProviderCallOptions {
  readonly organization?: string;
  readonly index: EnvironmentIndex;
  /** Reads a file given by its absolute path; from the disk unless given. */
  readonly readFile?: (file: string) => Uint8Array | Promise<Uint8Array>;
  /** AWS identities by the name of an environment. */
  readonly awsEnvironments?: Readonly<Record<string, AwsEnvironmentOptions>>;
}

/** Pulumi names the document of a stack's `environment:` so. */
const ANONYMOUS = '<yaml>';
const EMPTY: ExportedValue = {
  value: new Map<string, ExportedValue>(),
  trace: { def: { begin: { line: 0, column: 0, byte: 0 }, end: { line: 0, column: 0, byte: 0 } } },
};

type Evaluate = (options: EvaluationOptions) => Promise<EnvironmentOutcome>;

/** One evaluation of an environment in the workspace's files: it reads them, and says what is wrong with them. */
export class LocalEvaluation {
  readonly #files = new Map<string, string>();
  readonly #sources = new Map<string, string>();
  readonly #resolved = new Map<string, string>();
  readonly #calls: ProviderCalls;
  readonly #warnings: LocatedDiagnostic[] = [];
  #overlay: string | undefined;
  #roles: AwsRoles;

  constructor(
    readonly options: LocalEvaluationOptions,
    readonly request: BackendRequest,
  ) {
    this.#roles = request.roles ?? NO_ROLES;
    this.#calls = new ProviderCalls(options);
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
      stacks: this.#calls.stacks,
    };
  }

  async #evaluate(evaluate: Evaluate): Promise<{
    readonly name: string;
    readonly outcome: EnvironmentOutcome;
    readonly diagnostics: LocatedDiagnostic[];
  }> {
    const { name, ...root } = await this.#readRoot();
    const { signal } = this.request;
    const outcome = await evaluate({
      name,
      ...root,
      host: this.host(),
      signal,
      decrypter: this.#calls.decrypter(this.#caller),
    });
    const diagnostics = outcome.diagnostics.map((diagnostic) => {
      const secret = faultySecretOf(outcome.environment?.originOfFault(diagnostic));
      return this.#locate({ ...diagnostic, ...(secret !== undefined && { secret }) });
    });
    return { name, outcome, diagnostics };
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
      stacks: [...new Set(this.#calls.stacks.map((stack) => stack.name))],
      fileOf: this.#fileOf,
      ...(this.#calls.expiresAt !== undefined && { expiresAt: this.#calls.expiresAt }),
      ...(this.#overlay !== undefined && { overlay: this.#overlay }),
    };
  }

  async rotate({ paths, keepState, isDryRun }: RotationRequest): Promise<Rotation> {
    let rotations: readonly RotationOutcome[] = [];
    const { diagnostics } = await this.#evaluate(async (options) => {
      const host = isDryRun
        ? withoutRotating(options.host)
        : { ...options.host, keepState: this.#calls.keepState(keepState) };
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
      stacks: this.#calls.stacks,
      providerFailures: this.#calls.failures,
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
      loadProvider: (name) => this.#calls.provider(name, this.#caller),
      loadRotator: (name) => this.#calls.rotator(name),
    };
  }

  get #caller(): Caller {
    return { roles: this.#roles, undeployedStacks: this.request.undeployedStacks ?? [] };
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
      return { source: await this.#readFile(written, resolved.file), decrypter: this.#calls.decrypter(this.#caller) };
    } catch (error) {
      if (error instanceof Failure) this.#calls.failures.set(error.message, error);
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

  #locate(diagnostic: Diagnostic & Pick<LocatedDiagnostic, 'secret'>): LocatedDiagnostic {
    const range = diagnostic.range ?? diagnostic.place ?? null;
    const file = range?.environment === undefined ? undefined : this.#files.get(range.environment);
    const [root] = this.#files.values();
    return { ...diagnostic, range, file: file ?? (range === null ? root : undefined) };
  }
}
