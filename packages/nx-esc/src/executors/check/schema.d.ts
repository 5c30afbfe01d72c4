// Written from schema.json by npm run docs.

/** Checks the ESC environments of the project, or one of them, without opening anything. */
export interface CheckExecutorSchema {
  /** Environment, and stack of the same name. The same as the configuration: -c <environment>. */
  readonly env?: string;
  /** File for a summary of the run as JSON (phases, resources, class and code of a failure), relative to the workspace. */
  readonly summaryFile?: string;
}
