// Written from schema.json by npm run docs.

/** Serves environments to clients of Pulumi ESC on this machine: pulumi env, @pulumi/esc-sdk, editors, tests. */
export interface ServeExecutorSchema {
  /** Port on 127.0.0.1; 0 for a free one. */
  readonly port?: number;
  /** Where environments are kept: workspace (its files), memory, or folder:<path>. */
  readonly store?: string;
  /** Refuse every change. */
  readonly readOnly?: boolean;
  /** File with the token for clients, relative to the workspace; made if it is not there. A token per start unless given. */
  readonly tokenFile?: string;
  /** File for PULUMI_BACKEND_URL and PULUMI_ACCESS_TOKEN, relative to the workspace, while the service runs. */
  readonly envFile?: string;
  /** File for a summary of the run as JSON (class and code of a failure), relative to the workspace. */
  readonly summaryFile?: string;
}
