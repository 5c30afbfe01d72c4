export interface StackGeneratorSchema {
  project: string;
  stacks?: string[];
  root?: string;
  directory?: string;
  skipPackageJson?: boolean;
  skipFormat?: boolean;
}
