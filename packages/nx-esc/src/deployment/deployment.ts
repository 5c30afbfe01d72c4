import type { Auditor } from '../audit/auditor';
import type { AwsRoles } from '../aws/aws-roles';
import type { Backend, EnvironmentSource } from '../backends/backend';
import type { Redactor } from '../process/redactor';
import type { PulumiCli } from '../pulumi/pulumi-cli';
import type { ProviderServices } from '../providers/provider-context';
import type { StackOutputsReader } from '../providers/pulumi-stacks/stack-outputs';
import type { Reporter } from './reporter';

/** A stack of the workspace, with the environment that it is deployed with. */
export interface StackTarget {
  /** Name in Pulumi.yaml. */
  readonly projectName: string;
  readonly folder: string;
  readonly backendUrl?: string;
  readonly stack: string;
  readonly organization?: string;
  /** AWS identities that it is deployed and opened with. */
  readonly roles: AwsRoles;
  /** Environment for a stack whose file names none. */
  readonly defaultEnvironment?: EnvironmentSource;
}

/** What a deployment works with. */
export interface DeploymentServices {
  readonly backend: Backend;
  readonly stackOutputs: StackOutputsReader;
  readonly providers: ProviderServices;
  readonly cli: PulumiCli;
  readonly redactor: Redactor;
  readonly reporter: Reporter;
  readonly workspaceRoot: string;
  readonly signal: AbortSignal;
  /** Variables that an environment may set although they change what processes run. */
  readonly allowedVariables: readonly string[];
  /** Writes opens and deployments down. */
  readonly audit?: Auditor;
  /** Tells the CI to mask texts in its log, where it can. */
  readonly maskSecrets?: (secrets: readonly string[]) => void;
}

export interface AppCommands {
  readonly commands: readonly string[];
  readonly cwd: string;
}

/** What a deployment did, for programs. */
export interface DeploymentSummary {
  readonly stack: string;
  readonly phases: readonly { readonly name: string; readonly milliseconds: number }[];
  /** Counts of resources by operation, as pulumi printed them. */
  readonly resources: Readonly<Record<string, number>>;
}
