import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { BackendRequest } from '../backends/backend';
import { resolveEnvironment } from '../backends/local/environment-index';
import { overlayFileOf } from '../backends/local/overlay-file';
import { isContinuousIntegration } from '../ci/continuous-integration';
import type { Reporter } from '../deployment/reporter';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';
import type { BackendName } from './backend-name';
import type { WorkspaceIndex } from './workspace-index';

/**
 * Decides whether a personal overlay may be merged over an environment that somebody opens: on their own machine, and
 * never in CI, where one that is there is ignored with a note. Environments that are no files have none.
 */
export function personalOverlay(
  ref: string,
  index: WorkspaceIndex,
  { env, reporter, backend }: { readonly env: Environment; readonly reporter: Reporter; readonly backend: BackendName },
): Pick<BackendRequest, 'appliesOverlay'> {
  if (backend !== 'local') return {};
  const { workspaceRoot } = index;
  const file = fileOf(ref, index);
  if (file === undefined) return {};
  const overlay = overlayFileOf(file);
  const isAllowed = !isContinuousIntegration(env);
  if (existsSync(overlay)) {
    const shown = relative(workspaceRoot, overlay);
    reporter.note(isAllowed ? `${shown} is merged over ${ref}` : `${shown} is ignored: this is CI`);
  }
  return { appliesOverlay: isAllowed };
}

/** The file of an environment; undefined where whoever opens it will say, and write down, what is wrong. */
function fileOf(ref: string, index: WorkspaceIndex): string | undefined {
  const { organization } = index;
  try {
    return resolveEnvironment(ref, index, organization === undefined ? {} : { organization }).file;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
