import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeploymentServices } from '../deployment/deployment';
import { type Cancellation, cancelOnSignals } from '../workspace/cancellation';
import { ConsoleReporter } from '../workspace/console-reporter';
import { findProjects } from '../workspace/list-projects';
import { readPluginOptions } from '../workspace/plugin-options';
import { processEnvironmentWithDotenv } from '../workspace/process-environment';
import { createSession } from '../workspace/session';
import { WorkspaceIndex } from '../workspace/workspace-index';

export interface CliSession extends Cancellation {
  readonly index: WorkspaceIndex;
  readonly services: DeploymentServices;
}

/** Reads the workspace without Nx. What is reported goes to standard error: standard output is for results. */
export function startCliSession(workspaceRoot: string): CliSession {
  const index = new WorkspaceIndex(workspaceRoot, findProjects(workspaceRoot));
  const cancellation = cancelOnSignals();
  const services = createSession({
    index,
    options: readPluginOptions(readNxJson(workspaceRoot)),
    env: processEnvironmentWithDotenv(workspaceRoot),
    signal: cancellation.signal,
    reporter: new ConsoleReporter(process.stderr),
  });
  return { ...cancellation, index, services };
}

function readNxJson(workspaceRoot: string): { readonly plugins?: readonly unknown[] } | undefined {
  try {
    return JSON.parse(readFileSync(join(workspaceRoot, 'nx.json'), 'utf8')) as { plugins?: unknown[] };
  } catch {
    return undefined;
  }
}
