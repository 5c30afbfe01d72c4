import type { Diagnostic, ExportedEnvironment, ExportedValue } from 'esc-eval';

/**
 * What to evaluate: an environment by name (`[org/]project/name[@version]`), or the anonymous document of a stack's
 * `environment:`.
 */
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

/** A checked or opened environment, and the files it was read from. */
export interface EvaluatedEnvironment {
  readonly name: string;
  readonly root: ExportedValue;
  /** The environment as the ESC API has it; null for one that holds nothing. */
  readonly environment: ExportedEnvironment | null;
  /** What is not an error. */
  readonly warnings: readonly LocatedDiagnostic[];
  /** Absolute paths of the import closure; the root first. */
  readonly files: readonly string[];
  /** Stacks (`project/stack`) whose outputs were read. */
  readonly stacks: readonly string[];
}

/** A diagnostic with the file that it is about. */
export interface LocatedDiagnostic extends Diagnostic {
  readonly file: string | undefined;
}

/**
 * Where environments live and are opened. Throws `Failure` where an environment cannot be found or evaluated; what is
 * merely suspicious is in `warnings`.
 */
export interface Backend {
  check(request: BackendRequest): Promise<EvaluatedEnvironment>;
  open(request: BackendRequest): Promise<EvaluatedEnvironment>;
}
