export interface StackGeneratorSchema {
  project: string;
  stacks?: string[];
  directory?: string;
  skipPackageJson?: boolean;
  skipFormat?: boolean;
}
