/** How a file names an environment or a stack. */
export type ReferenceKind =
  /** `environment:` of a stack's file */
  | 'stack-environment'
  /** `imports:` of an environment */
  | 'import'
  /** `${environments.<project>.<environment>…}` */
  | 'inline-reference'
  /** `fn::open::pulumi-stacks` */
  | 'opened-stack'
  /** `new StackReference(…)` of a program */
  | 'stack-reference'
  /** An environment in the options or a command of a target, a script, or a workflow of the CI. */
  | 'named-environment'
  /** A stack there: `<Nx project>/<stack>`; without a project that of the target's own. */
  | 'named-stack';

/** One thing that a file names: an environment or a stack, as written there. */
export interface Reference {
  readonly kind: ReferenceKind;
  /**
   * `[organization/][project/]environment[@version]`, or `[organization/]project/stack`. In programs the stack of the
   * run stands as `${stack}`, a constant of another module as `${import <module>#<name>}`, and what only a run knows as
   * `${?}`.
   */
  readonly to: string;
}

/** A reference and the way to it from the document's root. */
export interface FoundReference extends Reference {
  readonly path: readonly (string | number)[];
  /** What to look for at that path, where the reference is one part of a longer text. */
  readonly text?: string;
}

/** A file that cannot be read as what it is. The rest of the workspace does not care. */
export interface BrokenFile {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** What a `Pulumi.yaml` says of its project. */
export interface PulumiProjectFacts {
  readonly name?: string;
  readonly runtime?: string;
  readonly backendUrl?: string;
  /** `main:`, a file or a folder relative to the Pulumi.yaml. */
  readonly main?: string;
}

/** Names of the outputs of a stack, as far as its program says them. */
export interface ProgramOutputs {
  readonly names: readonly string[];
  /** Whether there can be no others. */
  readonly isComplete: boolean;
}

/** What the workspace wants to know of one file; plain data, which is kept between runs. */
export interface FileFacts {
  readonly references: readonly Reference[];
  readonly project?: PulumiProjectFacts;
  /** Name of the project in a package.json or project.json. */
  readonly name?: string;
  /** Names of the targets and scripts there that run something of their own. */
  readonly targetNames?: readonly string[];
  /** Whether a stack's file has `environment:`. */
  readonly namesEnvironment?: true;
  readonly outputs?: ProgramOutputs;
  /** Relative modules that a program imports. */
  readonly modules?: readonly string[];
  /** Texts that it exports as constants, by name. */
  readonly constants?: Readonly<Record<string, string>>;
  readonly broken?: Omit<BrokenFile, 'file'>;
}

export const NO_FACTS: FileFacts = { references: [] };
