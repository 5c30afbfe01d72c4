import type { Range } from '../diagnostics/range';
import type { RotationPatch } from '../functions/function';
import type { HostCallOptions, Provider, Rotator } from '../functions/provider';

/** Decrypts the inside of a `fn::secret: {ciphertext}` envelope. Throws an Error whose message becomes the diagnostic. */
export interface Decrypter {
  decrypt(ciphertext: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The text of an environment and the decrypter for its secrets. */
export interface LoadedEnvironment {
  readonly source: Uint8Array | string;
  readonly decrypter?: Decrypter;
  /**
   * The environment's own name where it is not the one asked for, as of a version or an alias: `${context}`, ranges
   * and its own imports use it. An environment is still evaluated once per name asked for.
   */
  readonly name?: string;
}

/** An environment that imports another, in `imports` or in `${environments.…}`. */
export interface ImportEdge {
  readonly importer: string;
  /** The name as the importer writes it. */
  readonly imported: string;
  /** Whether the importer is the environment that is being evaluated itself. */
  readonly importerIsRoot: boolean;
}

/** Throws an Error (its message becomes the diagnostic, at the import) where the importer may not import the other. */
export type ImportAuthorizer = (edge: ImportEdge, options: LoadOptions) => void | Promise<void>;

export interface LoadOptions extends HostCallOptions {
  /** Where the environment is named first; the range's environment is the one that names it. */
  readonly site: Range;
}

/** Finds environments by the name written in `imports` or `${environments.…}`; rejects with an Error whose message becomes the diagnostic. */
export type EnvironmentLoader = (name: string, options: LoadOptions) => LoadedEnvironment | Promise<LoadedEnvironment>;

/** Everything the evaluator asks of the world. */
export interface EvaluationHost {
  readonly loadEnvironment: EnvironmentLoader;
  /** Asked once for each edge before what it imports is loaded for it; every import is allowed where absent. */
  readonly authorizeImport?: ImportAuthorizer;
  /** Throws an Error (message = diagnostic, e.g. `unknown provider "x"`) for a name it does not have. */
  readonly loadProvider: (name: string) => Provider | Promise<Provider>;
  readonly loadRotator: (name: string) => Rotator | Promise<Rotator>;
  /**
   * Given each new state of a rotated secret as soon as its rotator has answered, so that no credential is lost
   * whatever comes after. Where it rejects, the rotation has failed.
   */
  readonly keepState?: (patch: RotationPatch) => void | Promise<void>;
}
