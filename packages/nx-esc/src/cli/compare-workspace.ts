import { createRequire } from 'node:module';
import type { createProjectGraphAsync, ProjectGraph } from '@nx/devkit';
import { compareRevisions, type Comparison } from '../affected/compare-revisions';
import { Failure } from '../failures/failure';
import { cancelOnSignals } from '../workspace/cancellation';
import { readPluginOptions } from '../workspace/plugin-options';
import { processEnvironment } from '../workspace/process-environment';
import { readNxJson } from './session-policy';

export interface WorkspaceComparisonRequest {
  readonly workspaceRoot: string;
  /** Only stacks of this name; all unless given. */
  readonly environment?: string;
  readonly base?: string;
  readonly head?: string;
  /** Whether stacks count that read the outputs of affected ones. */
  readonly includesDownstream: boolean;
}

/**
 * Finds the stacks that a change of the workspace reaches.
 *
 * @throws Failure those of compareRevisions
 */
export async function compareWorkspace({ workspaceRoot, ...request }: WorkspaceComparisonRequest): Promise<Comparison> {
  const nxJson = readNxJson(workspaceRoot) ?? {};
  const cancellation = cancelOnSignals();
  try {
    return await compareRevisions({
      workspaceRoot,
      options: readPluginOptions(nxJson),
      nxJson,
      env: processEnvironment(),
      signal: cancellation.signal,
      readGraph: () => readProjectGraph(workspaceRoot),
      ...request,
    });
  } finally {
    cancellation.dispose();
  }
}

/** Loads Nx, which takes longer than all the rest. */
async function readProjectGraph(workspaceRoot: string): Promise<ProjectGraph> {
  const devkit = createRequire(__filename)('@nx/devkit') as {
    readonly createProjectGraphAsync: typeof createProjectGraphAsync;
    readonly workspaceRoot: string;
  };
  if (devkit.workspaceRoot !== workspaceRoot) {
    throw new Failure({
      class: 'config',
      code: 'workspace-not-found',
      message: `Nx takes ${devkit.workspaceRoot} for the workspace`,
      hint: `run the command in ${workspaceRoot}`,
    });
  }
  return devkit.createProjectGraphAsync();
}
