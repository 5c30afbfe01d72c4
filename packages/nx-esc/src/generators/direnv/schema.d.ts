// Written from schema.json by npm run docs.

/** Generates an .envrc, or a mise.toml, that loads an environment of the app when somebody enters its folder: without a temporary file, without running what a value says, and not at all if it cannot be opened. */
export interface DirenvGeneratorSchema {
  /** The app. */
  readonly project: string;
  /** Environment to load. */
  readonly environment?: string;
  /** Variables without which nothing is loaded; unless given, all that the environment has. */
  readonly required?: readonly string[];
  /** The tool that loads it. */
  readonly variant?: 'direnv' | 'mise';
  /** How long the opened environment is kept, encrypted, such as 2h or 90m; unless given, it is opened each time. */
  readonly lifetime?: string;
  /** Leave the files unformatted. */
  readonly skipFormat?: boolean;
}
