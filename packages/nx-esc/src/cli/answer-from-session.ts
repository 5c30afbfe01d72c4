import { parseArgs } from 'node:util';
import type { AuditEntry } from '../audit/auditor';
import { recordOfKept } from '../session-cache/record-of-kept';
import type { Environment } from '../pulumi/environment';
import { SessionCache } from '../session-cache/session-cache';
import { processEnvironment } from '../workspace/process-environment';
import { createRenderer } from './render-opened';
import { allowedVariables, auditOptions, sessionLifetime } from './session-policy';
import { createAuditor } from '../workspace/session-audit';
import { findWorkspaceRoot } from './workspace-root';

/**
 * Answers `nx-esc open` from a session that is kept, for prompts of shells: nothing else of the command is loaded. Answers
 * false for everything that needs more, or that is wrong: then the command itself does it, and tells.
 */
export function answerFromSession(args: readonly string[]): boolean {
  if (args[0] !== 'open') return false;
  try {
    const { values, positionals } = parseArgs({
      args: args.slice(1),
      allowPositionals: true,
      options: {
        format: { type: 'string', short: 'f', default: 'json' },
        lifetime: { type: 'string' },
        redact: { type: 'boolean', default: false },
        'no-local': { type: 'boolean', default: false },
      },
    });
    const [ref, path, ...rest] = positionals;
    if (ref === undefined || rest.length > 0) return false;
    const env = processEnvironment();
    const workspaceRoot = findWorkspaceRoot(process.cwd());
    if (sessionLifetime(workspaceRoot, values.lifetime, env) === undefined || values.format === 'detailed')
      return false;
    const session = new SessionCache(env).find({ workspaceRoot, ref, appliesOverlay: !values['no-local'] });
    if (session === undefined) return false;
    const { format, redact } = values;
    const render = createRenderer({ format, redact, ...(path !== undefined && { path }) });
    process.stdout.write(
      render(session.root, { filesFolder: session.filesFolder, allowedVariables: allowedVariables(workspaceRoot) }),
    );
    writeDown(workspaceRoot, recordOfKept(ref, session), env);
    return true;
  } catch {
    return false;
  }
}

/** A collector is not told: a prompt does not wait for the network, nor does it tell of problems. */
function writeDown(workspaceRoot: string, entry: AuditEntry, env: Environment): void {
  const { otlp: _otlp, ...options } = auditOptions(workspaceRoot) ?? {};
  createAuditor(workspaceRoot, options, env, { warn: () => undefined })?.record(entry);
}
