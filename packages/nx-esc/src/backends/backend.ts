import type { Diagnostic, ExportedEnvironment, ExportedValue } from 'esc-eval';
import type { AwsRoles } from '../aws/aws-roles';

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
  /** Whether `<environment>.local.yaml` beside the environment's file is merged over it: never for what is deployed. */
  readonly appliesOverlay?: boolean;
  /** AWS identities to open with; those that nx.json gives to an environment of that name unless said. */
  readonly roles?: AwsRoles;
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
  /** When the first of the credentials in it ends. */
  readonly expiresAt?: Date;
  /** The file that was merged over the environment, absolute. */
  readonly overlay?: string;
  /** The file of a range of the values, absolute, where environments are files. */
  fileOf?(environment: string | undefined): string | undefined;
}

/** What a check finds, whether or not there are errors in it. */
export interface Inspection {
  readonly name: string;
  readonly root: ExportedValue;
  readonly environment: ExportedEnvironment | null;
  /** Whether there was anything to evaluate. */
  readonly isEvaluated: boolean;
  /** Errors and warnings, in the order of evaluation. */
  readonly diagnostics: readonly LocatedDiagnostic[];
  /** The file of a range of the values, absolute; undefined for what no file defines. */
  fileOf(environment: string | undefined): string | undefined;
  /** The file that was merged over the environment, absolute. */
  readonly overlay?: string;
  /** Outputs that were read or previewed, by the keys that environments give to their stacks. */
  readonly stacks: readonly OpenedStack[];
}

/** A stack whose outputs were read, by the key that it has in its environment. */
export interface OpenedStack {
  readonly key: string;
  readonly name: string;
  readonly outputs: readonly string[];
}

/** A diagnostic with the file that it is about. */
export interface LocatedDiagnostic extends Diagnostic {
  readonly file: string | undefined;
  /** The secret of a store that it is about, such as `the secret "app/database" of aws-secrets`. */
  readonly secret?: string;
}

/**
 * Where environments live and are opened. Throws `Failure` where an environment cannot be found or evaluated; what is
 * merely suspicious is in `warnings`.
 */
export interface Backend {
  check(request: BackendRequest): Promise<EvaluatedEnvironment>;
  open(request: BackendRequest): Promise<EvaluatedEnvironment>;
}
