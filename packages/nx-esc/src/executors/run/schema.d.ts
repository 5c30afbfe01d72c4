// Written from schema.json by npm run docs.

/** Runs a command with the variables and files of an ESC environment of the project; what it prints is redacted. */
export interface RunExecutorSchema {
  /** Environment, and stack of the same name. The same as the configuration: -c <environment>. */
  readonly env?: string;
  /** Command line to run. */
  readonly command: string;
  /** Starts the command again whenever what it gets of its environment changes; for continuous targets. */
  readonly watch?: boolean;
  /** Folder in which the commands run, relative to the workspace; the project's folder unless given. */
  readonly cwd?: string;
  /** Where the environment is opened; as nx.json says unless given. */
  readonly backend?: 'local' | 'cloud' | 'cli';
  /** File for a summary of the run as JSON (phases, resources, class and code of a failure), relative to the workspace. */
  readonly summaryFile?: string;
}
