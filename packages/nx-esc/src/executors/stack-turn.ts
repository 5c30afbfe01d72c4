import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import type { DeploymentServices } from '../deployment/deployment';
import { cancelledFailure } from '../deployment/pulumi-failures';

const POLL_MS = 200;
const STALE_MS = 15_000;

/**
 * Takes turns at a stack with other tasks of this machine: one that another deploys or destroys is waited for. What the
 * lock in Pulumi's backend would make a failure is an order here.
 */
export async function takeTurn<T>(
  { backend, stack }: { readonly backend: string; readonly stack: string },
  { signal, reporter }: Pick<DeploymentServices, 'signal' | 'reporter'>,
  run: () => Promise<T>,
): Promise<T> {
  const id = createHash('sha256').update(`${backend}\0${stack}`).digest('hex').slice(0, 24);
  const release = await acquire(join(tmpdir(), `nx-esc-${userInfo().uid}-${id}.turn`), signal, () =>
    reporter.note(`another task deploys or destroys ${stack}: waiting for it`),
  );
  try {
    return await run();
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(file: string, signal: AbortSignal, onWait: () => void): Promise<() => Promise<void>> {
  for (let hasWaited = false; ; hasWaited = true) {
    try {
      return await lock(file, { realpath: false, stale: STALE_MS, onCompromised: () => undefined });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    if (!hasWaited) onWait();
    await delay(POLL_MS, undefined, { signal }).catch(() => {
      throw cancelledFailure('the deployment was cancelled while it waited for another one of the stack');
    });
  }
}
