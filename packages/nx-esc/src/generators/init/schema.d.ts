// Written from schema.json by npm run docs.

/** Registers the plugin in nx.json, adds what it needs to package.json, and keeps personal files out of git. */
export interface InitGeneratorSchema {
  /** Organization of the environments and stacks, as in Pulumi Cloud. Any name will do where the state is elsewhere. */
  readonly organization?: string;
  /** Where environments are evaluated: in the workspace, offline, or by Pulumi Cloud. */
  readonly backend?: 'local' | 'cloud';
  /** Your name among those who can open the secrets of the workspace. Makes your private key, outside of the workspace, where you have none. */
  readonly recipient?: string;
  /** Where the pulumi command comes from: the npm package, at a version that all of the team has, or what each machine has installed. */
  readonly pulumi?: 'npm' | 'installed';
  /** Register the plugin in nx.json, which infers projects, targets and dependencies. */
  readonly addPlugin?: boolean;
  /** Leave package.json as it is. */
  readonly skipPackageJson?: boolean;
  /** Keep the versions of packages that are in package.json already. */
  readonly keepExistingVersions?: boolean;
  /** Accepted as by other plugins; there are no scripts that could be replaced. */
  readonly updatePackageScripts?: boolean;
  /** Leave the files unformatted. */
  readonly skipFormat?: boolean;
}
