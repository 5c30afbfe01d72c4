import type { AuditEntry } from '../audit/auditor';
import type { KeptSession } from './session-cache';

/** What is written down where an environment that was kept is taken instead of being opened. */
export function recordOfKept(ref: string, { facts }: Pick<KeptSession, 'facts'>): AuditEntry {
  return {
    time: new Date().toISOString(),
    operation: 'open',
    environment: ref,
    ...facts,
    kept: true,
    outcome: 'succeeded',
    milliseconds: 0,
  };
}
