import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Environment } from '../pulumi/environment';

/** `audit` of the plugin's options. */
export interface AuditOptions {
  /** On unless it is false. */
  readonly enabled?: boolean;
  /** File to write to, relative to the workspace. */
  readonly file?: string;
  /** Size in bytes at which the file is rotated. */
  readonly maxBytes?: number;
  /** Where the records go as well, as OpenTelemetry logs over HTTP. */
  readonly otlp?: {
    readonly endpoint: string;
    /** Variable with headers, `name=value,name=value`, as OTEL_EXPORTER_OTLP_HEADERS has them. */
    readonly headersFrom?: string;
  };
}

/**
 * The file of a workspace's audit log. It is outside of the workspace unless options say otherwise: there, `git clean`
 * would remove it, Nx would hash it, and a careless commit would publish it.
 */
export function auditFileOf(workspaceRoot: string, options: AuditOptions, env: Environment): string {
  if (options.file !== undefined) return resolve(workspaceRoot, options.file);
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local } = env;
  const base =
    state || (process.platform === 'win32' && local ? local : join(env.HOME || homedir(), '.local', 'state'));
  const id = createHash('sha256').update(workspaceRoot).digest('hex').slice(0, 12);
  return join(base, 'nx-esc', `${basename(workspaceRoot)}-${id}`, 'audit.jsonl');
}
