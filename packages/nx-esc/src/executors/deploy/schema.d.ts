// Written from schema.json by npm run docs.

/** Opens the project's ESC environment, runs pulumi up with it, and then the app's own deploy commands. */
export interface DeployExecutorSchema {
  /** Environment, and stack of the same name. The same as the configuration: -c <environment>. */
  readonly env?: string;
  /** Further arguments for pulumi, such as --refresh. */
  readonly args?: readonly string[];
  /** The app's own deploy commands, run in turn with the opened environment after pulumi up. */
  readonly commands?: readonly string[];
  /** Folder in which the commands run, relative to the workspace; the project's folder unless given. */
  readonly cwd?: string;
  /** Skips the deployment if nothing that the stack receives, nothing of its program, and no stack that it reads has changed since the base revision. */
  readonly onlyIfAffected?: boolean;
  /** Revision to compare with for onlyIfAffected; NX_BASE, else the default branch of nx.json, unless given. */
  readonly affectedBase?: string;
  /** Newer revision for onlyIfAffected; NX_HEAD, else the files as they are, unless given. */
  readonly affectedHead?: string;
  /** Where the environment is opened; as nx.json says unless given. */
  readonly backend?: 'local' | 'cloud' | 'cli';
  /** File for a summary of the run as JSON (phases, resources, class and code of a failure), relative to the workspace. */
  readonly summaryFile?: string;
}
