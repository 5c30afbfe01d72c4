export interface CiGeneratorSchema {
  provider?: 'github' | 'gitlab';
  environments?: string[];
  preview?: string;
  branch?: string;
  distribution?: 'none' | 'matrix' | 'nx-agents';
  nodeVersion?: string;
  skipFormat?: boolean;
}
