// Written from schema.json by npm run docs.

/** Checks the environments, stacks and targets of the project, or what one environment rests on, without opening anything. */
export interface CheckExecutorSchema {
  /** Environment, and stack of the same name. The same as the configuration: -c <environment>. */
  readonly env?: string;
  /** How to print what is found. In GitHub Actions the text is followed by annotations. */
  readonly format?: 'text' | 'json' | 'sarif' | 'github';
  /** Fail where there are more warnings. */
  readonly maxWarnings?: number;
  /** File for a summary of the run as JSON (phases, resources, class and code of a failure), relative to the workspace. */
  readonly summaryFile?: string;
}
