import { hostname, userInfo } from 'node:os';
import type { IdTokenClaims } from '../ci/id-token';

/** STS's rules: 2 to 64 characters of `[\w+=,.@-]`. */
const LONGEST = 64;
const FOREIGN = /[^\w+=,.@-]+/g;

/**
 * Names a session after the subject of its token and the run, so that CloudTrail tells who did what. A subject that is
 * too long loses its end: the run tells the rest.
 */
export function sessionNameOf({ subject }: IdTokenClaims, runId: string | undefined): string {
  const run = runId === undefined ? '' : `-${sanitize(runId)}`.slice(0, LONGEST / 2);
  const who = sanitize(subject ?? '') || 'nx-esc';
  return `${who.slice(0, LONGEST - run.length)}${run}`.padEnd(2, '-');
}

/** Names a session of a person after their account on this machine. */
export function localSessionName(): string {
  return sanitize(`${userInfo().username}@${hostname()}`).slice(0, LONGEST).padEnd(2, '-');
}

function sanitize(text: string): string {
  return text.replace(FOREIGN, '-');
}
