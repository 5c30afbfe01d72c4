export interface ConfigTypesGeneratorSchema {
  project: string;
  file?: string;
  skipFormat?: boolean;
}
