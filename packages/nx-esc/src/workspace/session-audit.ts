import { type AuditOptions, auditFileOf } from '../audit/audit-options';
import { AuditLog } from '../audit/audit-log';
import { Auditor } from '../audit/auditor';
import { parseHeaders } from '../audit/otlp-exporter';
import { currentActor } from '../ci/actor';
import type { Reporter } from '../deployment/reporter';
import type { Environment } from '../pulumi/environment';

/** The audit log of a workspace, by the options of nx.json. */
export function openAuditLog(workspaceRoot: string, options: AuditOptions, env: Environment): AuditLog {
  return new AuditLog(auditFileOf(workspaceRoot, options, env), options.maxBytes);
}

/** Prepares to write opens and deployments down; undefined where that is switched off. */
export function createAuditor(
  workspaceRoot: string,
  options: AuditOptions = {},
  env: Environment,
  reporter: Pick<Reporter, 'warn'>,
): Auditor | undefined {
  if (options.enabled === false) return undefined;
  const { otlp } = options;
  const headers = otlp?.headersFrom === undefined ? undefined : env[otlp.headersFrom];
  return new Auditor({
    workspaceRoot,
    actor: currentActor(env),
    log: openAuditLog(workspaceRoot, options, env),
    ...(otlp !== undefined && { otlp: { endpoint: otlp.endpoint, headers: parseHeaders(headers ?? '') } }),
    onProblem: (message) => reporter.warn(message),
  });
}
