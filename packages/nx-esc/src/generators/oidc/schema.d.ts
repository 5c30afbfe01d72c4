export interface OidcGeneratorSchema {
  project: string;
  repository: string;
  account: string | number;
  environments?: string[];
  pullRequests?: boolean;
  pulumiCloud?: boolean;
  kmsKeys?: string[];
  stateBucket?: string;
  format?: ('json' | 'script' | 'pulumi')[];
  skipFormat?: boolean;
}
