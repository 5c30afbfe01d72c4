import type { Range } from '../diagnostics/range';
import type { HostCallOptions, Provider, Rotator } from '../functions/provider';

/** Decrypts the inside of a `fn::secret: {ciphertext}` envelope. Throws an Error whose message becomes the diagnostic. */
export interface Decrypter {
  decrypt(ciphertext: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The text of an environment and the decrypter for its secrets. */
export interface LoadedEnvironment {
  readonly source: Uint8Array | string;
  readonly decrypter?: Decrypter;
}

export interface LoadOptions extends HostCallOptions {
  /** Where the environment is named first; the range's environment is the one that names it. */
  readonly site: Range;
}

/** Finds environments by the name written in `imports` or `${environments.…}`; rejects with an Error whose message becomes the diagnostic. */
export type EnvironmentLoader = (name: string, options: LoadOptions) => LoadedEnvironment | Promise<LoadedEnvironment>;

/** Everything the evaluator asks of the world. */
export interface EvaluationHost {
  readonly loadEnvironment: EnvironmentLoader;
  /** Throws an Error (message = diagnostic, e.g. `unknown provider "x"`) for a name it does not have. */
  readonly loadProvider: (name: string) => Provider | Promise<Provider>;
  readonly loadRotator: (name: string) => Rotator | Promise<Rotator>;
}
