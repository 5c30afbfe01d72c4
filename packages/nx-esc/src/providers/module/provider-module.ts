import type { SchemaData } from '../schemas';

/** What a provider module of a workspace exports, as its default export or one named `provider`. */
export interface ProviderModule {
  /** JSON Schema of what is written under `fn::open::<name>`; a check holds environments against it. */
  readonly inputs: SchemaData;
  /** JSON Schema of what `open` answers. */
  readonly outputs: SchemaData;
  /**
   * Opens. Inputs are plain data, secrets revealed; the answer is plain data, of which `context.secret(…)` marks what is
   * secret. What it throws fails the environment: an Error with `hint` and `code` says more than one without.
   */
  open(inputs: Readonly<Record<string, unknown>>, context: ProviderModuleContext): unknown;
}

/** What a provider module is given. */
export interface ProviderModuleContext {
  /** The environment in which the call stands. */
  readonly currentEnvironment: string;
  /** The environment that is being opened. */
  readonly rootEnvironment: string;
  /** Given when the run is cancelled. */
  readonly signal: AbortSignal;
  /** The variables of this process; modules should not need others. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Marks a part of the answer as secret, with everything in it. */
  readonly secret: (value: unknown) => unknown;
  /** Fetches an OIDC token of the CI for an audience. */
  readonly fetchIdToken: (audience: string) => Promise<string>;
}
