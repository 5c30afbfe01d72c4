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
  | 'stack-reference';

/** One thing that a file names: an environment or a stack, as written there. */
export interface Reference {
  readonly kind: ReferenceKind;
  /**
   * `[organization/][project/]environment[@version]`, or `[organization/]project/stack`. In programs the stack of the
   * run stands as `${stack}`, and a segment that only a run knows as `${?}`.
   */
  readonly to: string;
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
  /** Whether a stack's file has `environment:`. */
  readonly namesEnvironment?: true;
  readonly outputs?: ProgramOutputs;
  /** Relative modules that a program imports. */
  readonly modules?: readonly string[];
  readonly broken?: Omit<BrokenFile, 'file'>;
}

export const NO_FACTS: FileFacts = { references: [] };
