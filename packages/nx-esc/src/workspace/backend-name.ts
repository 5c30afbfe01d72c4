/** Where environments are kept and opened: the workspace's files, Pulumi Cloud, or what `pulumi env` is logged in to. */
export type BackendName = 'local' | 'cloud' | 'cli';
