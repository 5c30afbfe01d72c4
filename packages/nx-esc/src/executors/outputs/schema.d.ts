// Written from schema.json by npm run docs.

/** Prints the outputs of the project's stack as JSON, secrets masked. */
export interface OutputsExecutorSchema {
  /** Environment, and stack of the same name. The same as the configuration: -c <environment>. */
  readonly env?: string;
  /** File for a summary of the run as JSON (phases, resources, class and code of a failure), relative to the workspace. */
  readonly summaryFile?: string;
}
