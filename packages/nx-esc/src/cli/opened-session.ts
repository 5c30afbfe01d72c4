import type { ExportedValue } from 'esc-eval';
import { isContinuousIntegration } from '../ci/continuous-integration';
import type { EvaluatedEnvironment } from '../backends/backend';
import { factsOfEnvironment } from '../deployment/audited';
import { openForDeployment, registerSecrets } from '../deployment/opened-environment';
import { recordOfKept } from '../session-cache/record-of-kept';
import { SessionCache } from '../session-cache/session-cache';
import { sessionFiles } from '../session-cache/session-files';
import { backendOf, parseBackendName } from '../workspace/backend-choice';
import { personalOverlay } from '../workspace/personal-overlay';
import { processEnvironment } from '../workspace/process-environment';
import type { CliSession } from './cli-session';
import { sessionLifetime } from './session-policy';

/** Options of the commands that open an environment. */
export interface OpeningOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  /** How long to keep what is opened; as nx.json says unless given. */
  readonly lifetime?: string;
  /** Whether to open it although it is kept. */
  readonly refresh: boolean;
  /** Whether a personal overlay counts. */
  readonly local: boolean;
  /** Where to open it instead of where the options say. */
  readonly backend?: string;
}

export interface OpenedForUser {
  readonly root: ExportedValue;
  /** A folder for its files that later answers replace. */
  readonly filesFolder?: string;
}

/** Opens an environment for somebody, or takes what was opened before and still holds. */
export async function openForUser(session: CliSession, options: OpeningOptions): Promise<OpenedForUser> {
  const { ref, workspaceRoot, refresh, local } = options;
  const env = processEnvironment();
  const { services, index } = session;
  // What is kept is found by the name alone, as nx.json says where it is.
  const lifetime = options.backend === undefined ? sessionLifetime(workspaceRoot, options.lifetime, env) : undefined;
  if (lifetime === undefined) {
    if (options.lifetime !== undefined && isContinuousIntegration(env)) services.reporter.note('nothing is kept in CI');
    return open(session, options);
  }
  const cache = new SessionCache(env);
  const request = { workspaceRoot, ref, appliesOverlay: local };
  const kept = refresh ? undefined : cache.find(request);
  if (kept !== undefined) {
    registerSecrets(services, kept.root);
    services.audit?.record(recordOfKept(ref, kept));
    return kept;
  }
  const opened = await open(session, options);
  try {
    return cache.keep(request, {
      root: opened.root,
      files: sessionFiles(index.workspaceRoot, opened.files),
      lifetime,
      ...(opened.expiresAt !== undefined && { credentialsEnd: opened.expiresAt }),
      facts: factsOfEnvironment(opened, index.workspaceRoot),
    });
  } catch (error) {
    services.reporter.warn(`what was opened cannot be kept: ${(error as Error).message}`);
    return opened;
  }
}

function open(session: CliSession, options: OpeningOptions): Promise<EvaluatedEnvironment> {
  const { ref, local } = options;
  const { signal } = session.services;
  const overlay = local ? overlayOf(session, options) : {};
  return openForDeployment(session.services, { source: { kind: 'reference', ref }, signal, ...overlay });
}

/** The personal overlay of what is opened, if it may have one. */
export function overlayOf(
  { services, index, options }: CliSession,
  { ref, backend }: Pick<OpeningOptions, 'ref' | 'backend'>,
): ReturnType<typeof personalOverlay> {
  return personalOverlay(ref, index, {
    env: processEnvironment(),
    reporter: services.reporter,
    backend: backend === undefined ? backendOf(ref, options) : parseBackendName(backend),
  });
}
