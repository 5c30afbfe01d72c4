export interface CiGeneratorSchema {
  provider?: 'github' | 'gitlab';
  environments?: string[];
  preview?: string;
  branch?: string;
  distribution?: 'none' | 'matrix' | 'nx-agents';
  nodeVersion?: number;
  skipFormat?: boolean;
}
