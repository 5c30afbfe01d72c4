import {
  checkEnvironment,
  type Decrypter,
  type Diagnostic,
  type EnvironmentOutcome,
  type EvaluationHost,
  type EvaluationOptions,
  hasErrors,
  type LoadedEnvironment,
  type LoadOptions,
  openEnvironment,
  type PathSegment,
  type Provider,
  rotateEnvironment,
  type RotationResult,
  type Rotator,
} from 'esc-eval';
import { resolveEnvironment } from '../backends/local/environment-index';
import { parseEnvironmentName } from '../backends/local/environment-name';
import type { ProviderHost } from '../backends/local/local-backend';
import type { Environments } from './environments';
import { ServiceError } from './service-error';

/** Pulumi names a document that is no environment so. */
const ANONYMOUS = '<yaml>';
const DEFAULT_PROJECT = 'default';

export interface EvaluatorOptions {
  readonly environments: Environments;
  /** Opens and rotates; its calls end with the signal. */
  readonly providers: (signal: AbortSignal) => ProviderHost;
  /** Imports of other organizations are not found; every one is ours where undefined. */
  readonly organization?: string;
}

/** A text to evaluate: an environment's definition by its name, or a document without one. */
export interface EvaluatedText {
  readonly name?: string;
  readonly text: string;
  /** Environments that take the place of others wherever these are imported. */
  readonly overrides?: ReadonlyMap<string, string>;
}

/** Evaluates texts among the environments of a store. */
export class Evaluator {
  constructor(readonly options: EvaluatorOptions) {}

  check(text: EvaluatedText, signal: AbortSignal, { showSecrets = false } = {}): Promise<EnvironmentOutcome> {
    return checkEnvironment({ ...this.#evaluation(text, signal), showSecrets });
  }

  /** @throws ServiceError 400 with the diagnostics where there are errors among them */
  async open(text: EvaluatedText, signal: AbortSignal): Promise<EnvironmentOutcome> {
    const outcome = await openEnvironment(this.#evaluation(text, signal));
    refuseErrors(outcome.diagnostics, `opening ${text.name ?? 'the environment'}`);
    return outcome;
  }

  rotate(
    text: EvaluatedText,
    paths: readonly (readonly PathSegment[])[],
    signal: AbortSignal,
  ): Promise<RotationResult> {
    return rotateEnvironment({ ...this.#evaluation(text, signal), paths });
  }

  /** @throws an Error where there is none by this name */
  async provider(name: string, signal: AbortSignal): Promise<Provider> {
    return this.options.providers(signal).loadProvider(name);
  }

  /** @throws an Error where there is none by this name */
  async rotator(name: string, signal: AbortSignal): Promise<Rotator> {
    return this.options.providers(signal).loadRotator(name);
  }

  #evaluation({ name, text, overrides }: EvaluatedText, signal: AbortSignal): EvaluationOptions {
    const decrypter = name === undefined ? undefined : this.#decrypter(name);
    const { loadProvider, loadRotator } = this.options.providers(signal);
    const loader = new Loader(this.options, (loaded) => this.#decrypter(loaded), overrides);
    const host: EvaluationHost = {
      loadEnvironment: (written, options) => loader.load(written, options),
      loadProvider,
      loadRotator,
    };
    return { name: name ?? ANONYMOUS, source: text, host, signal, ...(decrypter && { decrypter }) };
  }

  #decrypter(name: string): Decrypter | undefined {
    return this.options.environments.keeper?.decrypter(name);
  }
}

/** @throws ServiceError 400 where there are errors among the diagnostics */
export function refuseErrors(diagnostics: readonly Diagnostic[], doing: string): void {
  if (hasErrors(diagnostics)) throw new ServiceError(400, `${doing}: there are errors`, diagnostics);
}

/** Finds what one evaluation imports. */
class Loader {
  readonly #resolved = new Map<string, string>();

  constructor(
    readonly options: EvaluatorOptions,
    readonly decrypterOf: (name: string) => Decrypter | undefined,
    readonly overrides: ReadonlyMap<string, string> | undefined,
  ) {}

  async load(written: string, { site }: LoadOptions): Promise<LoadedEnvironment> {
    const { environment: importer } = site;
    const name = await this.#resolve(
      this.overrides?.get(written) ?? written,
      importer === undefined ? undefined : (this.#resolved.get(importer) ?? importer),
    );
    this.#resolved.set(written, name);
    const { text } = await this.options.environments.definition(name, parseEnvironmentName(written)?.version);
    const decrypter = this.decrypterOf(name);
    return { source: text, ...(decrypter && { decrypter }) };
  }

  /** An unqualified name is `default/<name>`, else a sibling, as it is for the files of a workspace. */
  async #resolve(written: string, importer: string | undefined): Promise<string> {
    const { organization, environments } = this.options;
    const parsed = parseEnvironmentName(written);
    const projects = parsed?.project === undefined ? [DEFAULT_PROJECT, importer?.split('/').at(-2)] : [parsed.project];
    const found = new Set<string>();
    for (const project of projects) {
      const name = `${project}/${parsed?.environment}`;
      if (project !== undefined && (await environments.store.read(name)) !== undefined) found.add(name);
    }
    const names = found.size > 0 ? [] : await environments.store.names();
    const index = { fileOf: (name: string) => (found.has(name) ? name : undefined), names: () => names };
    return resolveEnvironment(written, index, {
      ...(organization !== undefined && { organization }),
      ...(importer !== undefined && { importer }),
    }).name;
  }
}
