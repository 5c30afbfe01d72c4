export interface EnvironmentGeneratorSchema {
  project: string;
  environments?: string[];
  stacks?: string[];
  outputs?: string[];
  secrets?: string[];
  region?: string;
  readerRole?: string;
  domain?: string;
  port?: number;
  skipFormat?: boolean;
}
