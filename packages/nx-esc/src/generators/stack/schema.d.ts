// Written from schema.json by npm run docs.

/** Adds Pulumi.yaml, a program in TypeScript, and a file for each stack that names its environment. What is there already is adopted. */
export interface StackGeneratorSchema {
  /** The project that the stacks deploy. */
  readonly project: string;
  /** The stacks. Unless given, one for each environment of the project that is not imported by its siblings; staging and prod where it has none. */
  readonly stacks?: readonly string[];
  /** Folder of a project that is not there yet, relative to the workspace; its last segment is the project's name. */
  readonly root?: string;
  /** Folder of the program, relative to the project. */
  readonly directory?: string;
  /** Leave package.json as it is, without the packages that the program needs. */
  readonly skipPackageJson?: boolean;
  /** Leave the files unformatted. */
  readonly skipFormat?: boolean;
}
