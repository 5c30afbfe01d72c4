// Written from schema.json by npm run docs.

/** Computes from the environments of an app what the cloud side needs: trust policies with exact subjects, a deploy role, and a reader role with exactly the secrets that an environment opens. */
export interface OidcGeneratorSchema {
  /** The project that is deployed. */
  readonly project: string;
  /** Repository on GitHub that may take on the roles: owner/name. */
  readonly repository: string;
  /** AWS account of the roles. */
  readonly account: string | number;
  /** The environments. All that are deployed unless given. */
  readonly environments?: readonly string[];
  /** Let pull requests of the repository take on the roles of the first environment too, for previews. */
  readonly pullRequests?: boolean;
  /** Let the environments of the same name in Pulumi Cloud take on the reader role too. */
  readonly pulumiCloud?: boolean;
  /** ARNs of the KMS keys that secrets are encrypted with, where these are not AWS's own. */
  readonly kmsKeys?: readonly string[];
  /** S3 bucket in which Pulumi keeps its state: the deploy role may read and write it, the reader role read it. */
  readonly stateBucket?: string;
  /** What to generate beside the documents: a script for the aws command, a Pulumi program. */
  readonly format?: readonly ('json' | 'script' | 'pulumi')[];
  /** Leave the files unformatted. */
  readonly skipFormat?: boolean;
}
