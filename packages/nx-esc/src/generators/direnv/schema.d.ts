export interface DirenvGeneratorSchema {
  project: string;
  environment?: string;
  required?: string[];
  variant?: 'direnv' | 'mise';
  lifetime?: string;
  skipFormat?: boolean;
}
