export interface StackReferenceGeneratorSchema {
  project: string;
  stack?: string;
  to?: 'environments' | 'program';
  environments?: string[];
  outputs?: string[];
  skipFormat?: boolean;
}
