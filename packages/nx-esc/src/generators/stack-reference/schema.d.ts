// Written from schema.json by npm run docs.

/** Adds a stack to the environments of a project, with variables for its outputs, or to its Pulumi program. */
export interface StackReferenceGeneratorSchema {
  /** The project that reads the outputs. */
  readonly project: string;
  /** The stack: [key=]project, for the stack of the environment's own name, or [key=]project/stack. Asked for if left out. */
  readonly stack?: string;
  /** What reads the outputs: the environments of the project, or its Pulumi program. */
  readonly to?: 'environments' | 'program';
  /** The environments. All that are deployed unless given. */
  readonly environments?: readonly string[];
  /** Outputs that become variables: output, or output=VARIABLE; "none" for none. All that the stack's program exports unless given. */
  readonly outputs?: readonly string[];
  /** Leave the files unformatted. */
  readonly skipFormat?: boolean;
}
