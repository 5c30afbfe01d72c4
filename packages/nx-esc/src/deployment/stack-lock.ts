import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../process/is-alive';

const POLL_MS = 200;

/** The file that exists while a run of pulumi for this stack goes on, on this machine and for this user. */
export function lockFileOf(backendUrl: string, stack: string): string {
  const id = createHash('sha256').update(`${backendUrl}\0${stack}`).digest('hex').slice(0, 24);
  return join(tmpdir(), `nx-esc-${userInfo().uid}-${id}.lock`);
}

/** Waits for an earlier run that outlived the one who asked for it, such as a cancelled deployment that is finishing. */
export async function waitForEarlierRun(lockFile: string, signal: AbortSignal, onWait: () => void): Promise<void> {
  for (let hasWaited = false; isHeld(lockFile); hasWaited = true) {
    if (!hasWaited) onWait();
    await delay(POLL_MS, undefined, { signal });
  }
}

function isHeld(lockFile: string): boolean {
  let holder: number;
  try {
    holder = Number(readFileSync(lockFile, 'utf8'));
  } catch {
    return false;
  }
  if (isAlive(holder)) return true;
  rmSync(lockFile, { force: true });
  return false;
}
