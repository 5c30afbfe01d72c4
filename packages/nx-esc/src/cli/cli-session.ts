import type { DeploymentServices } from '../deployment/deployment';
import { parseBackendName } from '../workspace/backend-choice';
import { type Cancellation, cancelOnSignals } from '../workspace/cancellation';
import { ConsoleReporter } from '../workspace/console-reporter';
import { type NormalizedOptions, readPluginOptions } from '../workspace/plugin-options';
import { processEnvironmentWithDotenv } from '../workspace/process-environment';
import { indexWorkspace } from '../workspace/read-workspace';
import { createSession } from '../workspace/session';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import { readNxJson } from './session-policy';

export { type NxJson, readNxJson } from './session-policy';

export interface CliSession extends Cancellation {
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly services: DeploymentServices;
}

/** A workspace and the plugin's options in it. */
export interface CliWorkspace {
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
}

/** Reads the workspace without Nx. */
export function readWorkspace(workspaceRoot: string): CliWorkspace {
  const options = readPluginOptions(readNxJson(workspaceRoot));
  return { index: indexWorkspace(workspaceRoot, options), options };
}

/** Prepares to open environments. What is reported goes to standard error: standard output is for results. */
export function startCliSession(workspaceRoot: string, backend?: string): CliSession {
  const cancellation = cancelOnSignals();
  return { ...cancellation, ...createServices(workspaceRoot, cancellation.signal, backend) };
}

/** Reads the workspace and prepares to open environments until a signal. */
export function createServices(
  workspaceRoot: string,
  signal: AbortSignal,
  backend?: string,
): Pick<CliSession, 'index' | 'options' | 'services'> {
  const { index, options } = readWorkspace(workspaceRoot);
  const services = createSession({
    index,
    options,
    env: processEnvironmentWithDotenv(workspaceRoot),
    signal,
    reporter: new ConsoleReporter(process.stderr),
    ...(backend !== undefined && { backend: parseBackendName(backend) }),
  });
  return { index, options, services };
}
