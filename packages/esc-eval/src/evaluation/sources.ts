import type { Provider, Rotator } from '../functions/provider';
import { isPromise, messageOf, rejectOnAbort } from './answers';
import type { Decrypter, EvaluationHost } from './host';
import { loadDeclaration, type LoadedDeclaration } from './load';
import { hasErrors } from '../diagnostics/diagnostic';

/** An environment that could be loaded. */
export interface EnvironmentSource extends LoadedDeclaration {
  readonly decrypter: Decrypter | undefined;
}

/**
 * Everything that an environment names, fetched before it is evaluated: its imports and theirs, the environments of its
 * inline references, and the providers. All of that is static in the text, so it is fetched side by side, in as many
 * rounds as the imports are deep. What cannot be had is kept as the error.
 */
export class Sources {
  readonly #environments = new Map<string, EnvironmentSource | Error>();
  readonly #providers = new Map<string, Provider | Error>();
  readonly #rotators = new Map<string, Rotator | Error>();

  constructor(
    readonly host: EvaluationHost,
    readonly signal: AbortSignal,
  ) {}

  environment(name: string): EnvironmentSource | Error {
    return this.#environments.get(name) ?? new Error(`environment ${JSON.stringify(name)} was not fetched`);
  }

  provider(name: string): Provider | Error {
    return this.#providers.get(name) ?? new Error(`provider ${JSON.stringify(name)} was not fetched`);
  }

  rotator(name: string): Rotator | Error {
    return this.#rotators.get(name) ?? new Error(`rotator ${JSON.stringify(name)} was not fetched`);
  }

  async fetchFrom(root: LoadedDeclaration): Promise<void> {
    await rejectOnAbort(this.#fetch(root), this.signal);
  }

  async #fetch(root: LoadedDeclaration): Promise<void> {
    const { signal } = this;
    const requested = new Set<string>();
    const visit = (declaration: LoadedDeclaration): Promise<unknown> | undefined => {
      const pending: Promise<unknown>[] = [];
      const keep = (result: Promise<unknown> | undefined): void => {
        if (result !== undefined) pending.push(result);
      };
      for (const name of declaration.providers) {
        keep(this.#request(requested, `provider ${name}`, this.#providers, name, () => this.host.loadProvider(name)));
      }
      for (const name of declaration.rotators) {
        keep(this.#request(requested, `rotator ${name}`, this.#rotators, name, () => this.host.loadRotator(name)));
      }
      for (const [name, site] of declaration.environments) {
        const load = (): EnvironmentSource | Promise<EnvironmentSource> => {
          const loaded = this.host.loadEnvironment(name, { signal, site });
          return isPromise(loaded) ? loaded.then((environment) => parse(name, environment)) : parse(name, loaded);
        };
        const follow = (source: EnvironmentSource): Promise<unknown> | undefined =>
          hasErrors(source.diagnostics) ? undefined : visit(source);
        keep(this.#request(requested, `environment ${name}`, this.#environments, name, load, follow));
      }
      return pending.length === 0 ? undefined : Promise.all(pending);
    };
    await visit(root);
  }

  #request<T>(
    requested: Set<string>,
    id: string,
    results: Map<string, T | Error>,
    name: string,
    load: () => T | Promise<T>,
    follow?: (result: T) => Promise<unknown> | undefined,
  ): Promise<unknown> | undefined {
    if (requested.has(id)) return undefined;
    requested.add(id);
    const settle = (result: T): Promise<unknown> | undefined => {
      results.set(name, result);
      return follow?.(result);
    };
    const fail = (error: unknown): undefined => {
      results.set(name, new Error(messageOf(error)));
    };
    try {
      const result = load();
      return isPromise(result) ? (result as Promise<T>).then(settle, fail) : settle(result);
    } catch (error) {
      return fail(error);
    }
  }
}

function parse(name: string, loaded: { source: Uint8Array | string; decrypter?: Decrypter }): EnvironmentSource {
  return { ...loadDeclaration(name, loaded.source), decrypter: loaded.decrypter };
}
