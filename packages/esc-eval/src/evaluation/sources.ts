import type { Range } from '../diagnostics/range';
import type { Provider, Rotator } from '../functions/provider';
import { isPromise, messageOf, rejectOnAbort } from './answers';
import type { Decrypter, EvaluationHost, ImportEdge, LoadedEnvironment } from './host';
import { loadDeclaration, type LoadedDeclaration } from './load';
import { hasErrors } from '../diagnostics/diagnostic';

/** An environment that could be loaded. */
export interface EnvironmentSource extends LoadedDeclaration {
  /** The environment's own name. */
  readonly name: string;
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
  readonly #authorizations = new Map<string, true | Error>();

  constructor(
    readonly host: EvaluationHost,
    readonly signal: AbortSignal,
  ) {}

  environment(name: string): EnvironmentSource | Error {
    return this.#environments.get(name) ?? new Error(`environment ${JSON.stringify(name)} was not fetched`);
  }

  /** Why an import is not allowed; undefined for one that is. */
  refusalOf(edge: ImportEdge): Error | undefined {
    const authorization = this.#authorizations.get(idOf(edge));
    return authorization instanceof Error ? authorization : undefined;
  }

  provider(name: string): Provider | Error {
    return this.#providers.get(name) ?? new Error(`provider ${JSON.stringify(name)} was not fetched`);
  }

  rotator(name: string): Rotator | Error {
    return this.#rotators.get(name) ?? new Error(`rotator ${JSON.stringify(name)} was not fetched`);
  }

  async fetchFrom(root: EnvironmentSource): Promise<void> {
    await rejectOnAbort(Promise.resolve(this.#fetch(root, true, new Set())), this.signal);
  }

  /** Fetches what an environment names, and what that names in turn; undefined where nothing is left to wait for. */
  #fetch(importer: EnvironmentSource, importerIsRoot: boolean, requested: Set<string>): Promise<unknown> | undefined {
    const { host, signal } = this;
    const pending: (Promise<unknown> | undefined)[] = [];
    for (const name of importer.providers) {
      pending.push(this.#request(requested, `provider ${name}`, this.#providers, name, () => host.loadProvider(name)));
    }
    for (const name of importer.rotators) {
      pending.push(this.#request(requested, `rotator ${name}`, this.#rotators, name, () => host.loadRotator(name)));
    }
    for (const [imported, site] of importer.environments) {
      const options = { signal, site };
      const load = (): EnvironmentSource | Promise<EnvironmentSource> =>
        thenParse(imported, host.loadEnvironment(imported, options));
      const follow = (source: EnvironmentSource): Promise<unknown> | undefined =>
        hasErrors(source.diagnostics) ? undefined : this.#fetch(source, false, requested);
      const request = (): Promise<unknown> | undefined =>
        this.#request(requested, `environment ${imported}`, this.#environments, imported, load, follow);
      const edge = { importer: importer.name, imported, importerIsRoot };
      pending.push(host.authorizeImport === undefined ? request() : this.#authorize(requested, edge, site, request));
    }
    const unsettled = pending.filter((each) => each !== undefined);
    return unsettled.length === 0 ? undefined : Promise.all(unsettled);
  }

  #authorize(
    requested: Set<string>,
    edge: ImportEdge,
    site: Range,
    request: () => Promise<unknown> | undefined,
  ): Promise<unknown> | undefined {
    const authorize = (): true | Promise<true> => {
      const answer = this.host.authorizeImport?.(edge, { signal: this.signal, site });
      return isPromise(answer) ? answer.then(() => true) : true;
    };
    const id = idOf(edge);
    return this.#request(requested, `import ${id}`, this.#authorizations, id, authorize, request);
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

function idOf({ importer, imported, importerIsRoot }: ImportEdge): string {
  return JSON.stringify([importer, imported, importerIsRoot]);
}

function thenParse(
  declaredName: string,
  loaded: LoadedEnvironment | Promise<LoadedEnvironment>,
): EnvironmentSource | Promise<EnvironmentSource> {
  const parse = ({ name = declaredName, source, decrypter }: LoadedEnvironment): EnvironmentSource => ({
    ...loadDeclaration(name, source),
    name,
    decrypter,
  });
  return isPromise(loaded) ? loaded.then(parse) : parse(loaded);
}
