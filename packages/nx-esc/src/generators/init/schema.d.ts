export interface InitGeneratorSchema {
  organization?: string;
  backend?: 'local' | 'cloud';
  pulumi?: 'npm' | 'installed';
  addPlugin?: boolean;
  skipPackageJson?: boolean;
  keepExistingVersions?: boolean;
  updatePackageScripts?: boolean;
  skipFormat?: boolean;
}
