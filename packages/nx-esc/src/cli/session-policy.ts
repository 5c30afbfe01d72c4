import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditOptions } from '../audit/audit-options';
import { isContinuousIntegration } from '../ci/continuous-integration';
import { parseLifetime } from '../session-cache/lifetime';
import { readPluginOptions } from '../workspace/plugin-options';
import type { Environment } from '../pulumi/environment';

/** The parts of nx.json that matter here. */
export interface NxJson {
  readonly plugins?: readonly unknown[];
  readonly namedInputs?: Record<string, unknown[]>;
  readonly defaultBase?: string;
}

/** What nx.json says; undefined where it cannot be read. */
export function readNxJson(workspaceRoot: string): NxJson | undefined {
  try {
    return JSON.parse(readFileSync(join(workspaceRoot, 'nx.json'), 'utf8')) as NxJson;
  } catch {
    return undefined;
  }
}

/**
 * How long opened environments are kept, in milliseconds: as the user says, else as nx.json does. Undefined where they
 * are not, as in CI.
 *
 * @throws Failure config/option-invalid
 */
export function sessionLifetime(
  workspaceRoot: string,
  written: string | undefined,
  env: Environment,
): number | undefined {
  if (isContinuousIntegration(env)) return undefined;
  const lifetime = written ?? readPluginOptions(readNxJson(workspaceRoot)).cache?.lifetime;
  return lifetime === undefined ? undefined : parseLifetime(lifetime);
}

/** How opens are written down. */
export function auditOptions(workspaceRoot: string): AuditOptions | undefined {
  return readPluginOptions(readNxJson(workspaceRoot)).audit;
}

/** Names that environments may set although they change what processes run. */
export function allowedVariables(workspaceRoot: string): readonly string[] {
  return readPluginOptions(readNxJson(workspaceRoot)).allowVariables;
}
