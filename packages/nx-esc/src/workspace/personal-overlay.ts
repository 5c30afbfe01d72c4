import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { BackendRequest } from '../backends/backend';
import { resolveEnvironment } from '../backends/local/environment-index';
import { overlayFileOf } from '../backends/local/overlay-file';
import { isContinuousIntegration } from '../ci/continuous-integration';
import type { Reporter } from '../deployment/reporter';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';
import type { WorkspaceIndex } from './workspace-index';

/**
 * Decides whether a personal overlay may be merged over an environment that somebody opens: on their own machine, and
 * never in CI, where one that is there is ignored with a note.
 */
export function personalOverlay(
  ref: string,
  index: WorkspaceIndex,
  { env, reporter }: { readonly env: Environment; readonly reporter: Reporter },
): Pick<BackendRequest, 'appliesOverlay'> {
  const { organization, workspaceRoot } = index;
  const isAllowed = !isContinuousIntegration(env);
  const overlay = findOverlay(ref, index, organization === undefined ? {} : { organization });
  if (overlay !== undefined && existsSync(overlay)) {
    const shown = relative(workspaceRoot, overlay);
    reporter.note(isAllowed ? `${shown} is merged over ${ref}` : `${shown} is ignored: this is CI`);
  }
  return { appliesOverlay: isAllowed };
}

/** Undefined for an environment that is not there: opening it will say so, and write it down. */
function findOverlay(...request: Parameters<typeof resolveEnvironment>): string | undefined {
  try {
    return overlayFileOf(resolveEnvironment(...request).file);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
