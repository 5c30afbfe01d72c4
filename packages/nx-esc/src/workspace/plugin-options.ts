import type { AuditOptions } from '../audit/audit-options';
import type { AwsEnvironmentOptions } from '../aws/aws-roles';
import type { PulumiCloudOptions } from '../ci/pulumi-cloud-token';
import type { BackendName } from './backend-name';

/** Options of the plugin in nx.json. */
export interface NxEscPluginOptions {
  /** Organization of the environments and stacks in Pulumi Cloud. */
  readonly organization?: string;
  /** Where environments are kept and opened: `local`, the workspace's files, unless given. */
  readonly backend?: BackendName;
  /** Backends that are others, by `project/environment`, project, or name of an environment. */
  readonly backends?: Readonly<Record<string, BackendName>>;
  /** AWS identities by environment: `staging` for that of every project, `api/staging` for that of one. */
  readonly environments?: Readonly<Record<string, AwsEnvironmentOptions>>;
  /** Modules of the workspace that are providers, by name; paths relative to the workspace. */
  readonly providers?: Readonly<Record<string, string>>;
  /** Which access token Pulumi Cloud is asked for in CI. */
  readonly pulumiCloud?: PulumiCloudOptions;
  readonly deployTargetName?: string;
  readonly previewTargetName?: string;
  readonly destroyTargetName?: string;
  readonly outputsTargetName?: string;
  readonly openTargetName?: string;
  readonly checkTargetName?: string;
  /** How long the command keeps what it opened, encrypted, on somebody's own machine: `{ "lifetime": "2h" }`. */
  readonly cache?: { readonly lifetime?: string };
  readonly check?: CheckOptions;
  /** Variables that environments may set although they change what processes run, such as NODE_OPTIONS. */
  readonly allowVariables?: readonly string[];
  /** Variables that children inherit although they open more than their environment, such as NX_ESC_AGE_KEY. */
  readonly passVariables?: readonly string[];
  /** Name of a target that serves environments, for each project that has some; there is none unless it is given. */
  readonly serveTargetName?: string;
  /** Where opens and deployments are written down. */
  readonly audit?: AuditOptions;
}

/** What `check` reports; docs/check lists the rules. */
export interface CheckOptions {
  /** `error`, `warning`, `info` or `off`, by the code of the rule. */
  readonly rules?: Readonly<Record<string, unknown>>;
}

/** Options that may be left out altogether. */
type OptionalNames =
  | 'organization'
  | 'backend'
  | 'backends'
  | 'environments'
  | 'providers'
  | 'pulumiCloud'
  | 'cache'
  | 'check'
  | 'audit'
  | 'serveTargetName';

export type NormalizedOptions = Required<Omit<NxEscPluginOptions, OptionalNames>> &
  Pick<NxEscPluginOptions, OptionalNames>;

/** Fills in what nx.json leaves out. */
export function normalizeOptions(options: NxEscPluginOptions | undefined): NormalizedOptions {
  return {
    deployTargetName: 'deploy',
    previewTargetName: 'preview',
    destroyTargetName: 'destroy',
    outputsTargetName: 'outputs',
    openTargetName: 'esc-open',
    checkTargetName: 'esc-check',
    allowVariables: [],
    passVariables: [],
    ...options,
  };
}

/** The plugin's entry in a parsed nx.json; defaults where it has none. */
export function readPluginOptions(nxJson: { readonly plugins?: readonly unknown[] } | undefined): NormalizedOptions {
  for (const entry of nxJson?.plugins ?? []) {
    const { plugin, options } =
      typeof entry === 'string' ? { plugin: entry, options: undefined } : (entry as PluginEntry);
    if (plugin === 'nx-esc' || plugin === 'nx-esc/plugin') return normalizeOptions(options);
  }
  return normalizeOptions(undefined);
}

interface PluginEntry {
  readonly plugin: string;
  readonly options?: NxEscPluginOptions;
}
