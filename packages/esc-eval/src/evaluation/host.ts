import type { Schema } from '../values/schema';
import type { ExportedValue } from '../values/exported-value';

/** Check opens nothing; open opens providers; rotate also rotates the secrets it is asked to. */
export type EvaluationMode = 'check' | 'open' | 'rotate';

/** Decrypts the inside of a `fn::secret: {ciphertext}` envelope. Throws an Error whose message becomes the diagnostic. */
export interface Decrypter {
  decrypt(ciphertext: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The text of an environment and the decrypter for its secrets. */
export interface LoadedEnvironment {
  readonly source: Uint8Array | string;
  readonly decrypter?: Decrypter;
}

export interface HostCallOptions {
  readonly signal: AbortSignal;
}

/** Finds environments by the name written in `imports` or `${environments.…}`. Rejects with an Error whose message becomes the diagnostic. */
export type EnvironmentLoader = (name: string, options: HostCallOptions) => LoadedEnvironment | Promise<LoadedEnvironment>;

/** Which environment a call stands in, which one is being evaluated, and the values of `${context}`. */
export interface ProviderExecutionContext {
  readonly currentEnvironment: string;
  readonly rootEnvironment: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What `fn::open::NAME` calls. Inputs arrive validated against `inputs`, with secret flags. */
export interface Provider {
  readonly inputs: Schema;
  readonly outputs: Schema;
  open(
    inputs: ExportedValue,
    context: ProviderExecutionContext,
    options: HostCallOptions,
  ): ProviderOutput | Promise<ProviderOutput>;
}

/** What `fn::rotate::NAME` calls. */
export interface Rotator {
  readonly inputs: Schema;
  readonly state: Schema;
  readonly outputs: Schema;
  open(
    inputs: ExportedValue,
    state: ExportedValue | null,
    context: ProviderExecutionContext,
    options: HostCallOptions,
  ): ProviderOutput | Promise<ProviderOutput>;
  rotate(
    inputs: ExportedValue,
    state: ExportedValue | null,
    context: ProviderExecutionContext,
    options: HostCallOptions,
  ): ProviderOutput | Promise<ProviderOutput>;
}

/**
 * Plain data a provider answers with: null, booleans, strings, numbers (or `EscNumber` to keep the text), arrays,
 * records and Maps; `secret(x)` and `unknown()` of values/ mark parts of it.
 */
export type ProviderOutput = unknown;

/** Everything the evaluator asks of the world. */
export interface EvaluationHost {
  readonly loadEnvironment: EnvironmentLoader;
  /** Throws an Error (message = diagnostic, e.g. `unknown provider "x"`) for a name it does not have. */
  readonly loadProvider: (name: string) => Provider | Promise<Provider>;
  readonly loadRotator: (name: string) => Rotator | Promise<Rotator>;
}
