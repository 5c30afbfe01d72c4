import { relative } from 'node:path';
import { SessionCache } from '../session-cache/session-cache';
import { processEnvironment } from '../workspace/process-environment';

/** Lists the sessions that are kept, without what is in them. */
export function listSessions(format: 'text' | 'json'): void {
  const sessions = new SessionCache(processEnvironment()).list();
  if (format === 'json') {
    const entries = sessions.map(({ openedAt, expiresAt, ...session }) => ({
      ...session,
      openedAt: new Date(openedAt).toISOString(),
      expiresAt: new Date(expiresAt).toISOString(),
    }));
    process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
    return;
  }
  if (sessions.length === 0) process.stdout.write('no session is kept\n');
  for (const { ref, workspaceRoot, expiresAt } of sessions) {
    const minutes = Math.ceil((expiresAt - Date.now()) / 60_000);
    process.stdout.write(`${ref}  in ${relative(process.cwd(), workspaceRoot) || '.'}, for ${minutes} more minutes\n`);
  }
}

/** Removes every session of this user, and the key to them. */
export function clearSessions(): void {
  const removed = new SessionCache(processEnvironment()).clear();
  process.stdout.write(`${removed} removed\n`);
}
