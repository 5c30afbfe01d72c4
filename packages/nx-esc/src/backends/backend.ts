import type { Diagnostic, ExportedValue, ExportedEnvironment } from 'esc-eval';

/** What to evaluate: an environment by name (`[org/]project/name[@version]`), or the anonymous document of a stack's `environment:`. */
export type EnvironmentSource =
  | { readonly kind: 'reference'; readonly ref: string }
  | { readonly kind: 'anonymous'; readonly text: string; readonly file: string };

export interface BackendRequest {
  readonly source: EnvironmentSource;
  readonly signal: AbortSignal;
  /**
   * Stacks (`project/stack`) that may not exist yet: their outputs are unknown instead of a failure. Holds the stack
   * that is about to be deployed, and nothing else.
   */
  readonly undeployedStacks?: readonly string[];
}

/** A checked or opened environment: the root value, the whole environment as the API has it, and the files it was read from. */
export interface EvaluatedEnvironment {
  readonly name: string;
  readonly root: ExportedValue;
  readonly environment: ExportedEnvironment;
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute paths of the import closure; the root first. */
  readonly files: readonly string[];
}

/** Where environments live and are opened. Throws `Failure` where the environment cannot be found or opened; warnings are in `diagnostics`. */
export interface Backend {
  readonly name: 'local' | 'cloud' | 'cli';
  check(request: BackendRequest): Promise<EvaluatedEnvironment>;
  open(request: BackendRequest): Promise<EvaluatedEnvironment>;
}
