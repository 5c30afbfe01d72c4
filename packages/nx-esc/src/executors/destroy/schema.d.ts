// Written from schema.json by npm run docs.

/** Destroys the resources of the project's stack. */
export interface DestroyExecutorSchema {
  /** Environment, and stack of the same name. The same as the configuration: -c <environment>. */
  readonly env?: string;
  /** Further arguments for pulumi, such as --refresh. */
  readonly args?: readonly string[];
  /** Destroys the stack although stacks that read it are still deployed. */
  readonly ignoreDependents?: boolean;
  /** Where the environment is opened; as nx.json says unless given. */
  readonly backend?: 'local' | 'cloud' | 'cli';
  /** File for a summary of the run as JSON (phases, resources, class and code of a failure), relative to the workspace. */
  readonly summaryFile?: string;
}
