// Written from schema.json by npm run docs.

/** Generates a module that reads the variables of an app with their types, from what all of its environments define. Secrets have a type of their own, which does not print. */
export interface ConfigTypesGeneratorSchema {
  /** The app. */
  readonly project: string;
  /** File to generate, relative to the project. */
  readonly file?: string;
  /** Leave the files unformatted. */
  readonly skipFormat?: boolean;
}
