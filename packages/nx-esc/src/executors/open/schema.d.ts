// Written from schema.json by npm run docs.

/** Opens an ESC environment of the project and prints it, secrets masked. */
export interface OpenExecutorSchema {
  /** Environment, and stack of the same name. The same as the configuration: -c <environment>. */
  readonly env?: string;
  /** Property to print, such as urls.api. */
  readonly path?: string;
  /** Format of what is printed. */
  readonly format?: 'json' | 'yaml' | 'string';
  /** Where the environment is opened; as nx.json says unless given. */
  readonly backend?: 'local' | 'cloud' | 'cli';
  /** File for a summary of the run as JSON (phases, resources, class and code of a failure), relative to the workspace. */
  readonly summaryFile?: string;
}
