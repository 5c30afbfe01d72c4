/** Options of the plugin in nx.json. */
export interface NxEscPluginOptions {
  /** Organization of the environments and stacks in Pulumi Cloud. */
  readonly organization?: string;
  readonly deployTargetName?: string;
  readonly previewTargetName?: string;
  readonly destroyTargetName?: string;
  readonly outputsTargetName?: string;
  readonly openTargetName?: string;
  readonly checkTargetName?: string;
  /** Name of a target that serves environments, for each project that has some; there is none unless it is given. */
  readonly serveTargetName?: string;
}

type OptionalName = 'organization' | 'serveTargetName';

export type NormalizedOptions = Required<Omit<NxEscPluginOptions, OptionalName>> &
  Pick<NxEscPluginOptions, OptionalName>;

/** Fills in what nx.json leaves out. */
export function normalizeOptions(options: NxEscPluginOptions | undefined): NormalizedOptions {
  return {
    deployTargetName: 'deploy',
    previewTargetName: 'preview',
    destroyTargetName: 'destroy',
    outputsTargetName: 'outputs',
    openTargetName: 'esc-open',
    checkTargetName: 'esc-check',
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
