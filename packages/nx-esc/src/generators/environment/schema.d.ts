// Written from schema.json by npm run docs.

/** Adds the environments of an app: base, and one for each place it runs in, with stack outputs, secrets and variables. Existing files are added to; what they say stays. */
export interface EnvironmentGeneratorSchema {
  /** The project that the environments are for. */
  readonly project: string;
  /** The environments to add, beside base. dev is one of a developer's own machine; the others are deployed. */
  readonly environments?: readonly string[];
  /** Stacks whose outputs the deployed environments read: [key=]project, for the stack of the environment's own name, or [key=]project/stack. Asked for if left out. */
  readonly stacks?: readonly string[];
  /** Outputs that become variables: key.output, or key.output=VARIABLE; "none" for none. All that the stack's program exports unless given; asked for on a terminal. */
  readonly outputs?: readonly string[];
  /** Secrets of AWS Secrets Manager: key[=secretId][#field,field]. {environment} in an id stands for the environment; fields are those of a JSON secret. Asked for if left out. */
  readonly secrets?: readonly string[];
  /** AWS region of the secrets; us-east-1 unless given. Asked for if left out, where there are secrets. */
  readonly region?: string;
  /** ARN of the IAM role that may read the secrets, for fn::open::aws-login. Without it the credentials of the run are used. */
  readonly readerRole?: string;
  /** Domain beneath which the app is served. */
  readonly domain?: string;
  /** Port on which the app listens. */
  readonly port?: number;
  /** Leave the files unformatted. */
  readonly skipFormat?: boolean;
}
