import { createRequire } from 'node:module';
import type { createProjectGraphAsync, ProjectGraph } from '@nx/devkit';
import { compareRevisions, type Comparison } from '../affected/compare-revisions';
import type { Reason } from '../affected/find-affected';
import { Failure } from '../failures/failure';
import { cancelOnSignals } from '../workspace/cancellation';
import { processEnvironment } from '../workspace/process-environment';
import { readNxJson } from './cli-session';
import { readPluginOptions } from '../workspace/plugin-options';

export interface AffectedCommandOptions {
  readonly workspaceRoot: string;
  readonly environment?: string;
  readonly base?: string;
  readonly head?: string;
  readonly format: string;
  readonly includesDownstream: boolean;
}

const FORMATS: Readonly<Record<string, (comparison: Comparison, deployTarget: string) => string>> = {
  table: renderTable,
  json: (comparison) => `${JSON.stringify(comparison, null, 2)}\n`,
  projects: ({ affected }) => `${[...new Set(affected.map(({ project }) => project))].join(',')}\n`,
  'run-many': renderRunMany,
};

/**
 * Prints which stacks a change reaches, by what they receive.
 *
 * @throws Failure config/option-invalid, and those of compareRevisions
 */
export async function affectedCommand({ workspaceRoot, format, ...request }: AffectedCommandOptions): Promise<void> {
  const render = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (render === undefined) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `unknown format "${format}"`,
      hint: `formats: ${Object.keys(FORMATS).join(', ')}`,
    });
  }
  const nxJson = readNxJson(workspaceRoot) ?? {};
  const cancellation = cancelOnSignals();
  const options = readPluginOptions(nxJson);
  try {
    const comparison = await compareRevisions({
      workspaceRoot,
      options,
      nxJson,
      env: processEnvironment(),
      signal: cancellation.signal,
      readGraph: () => readProjectGraph(workspaceRoot),
      ...request,
    });
    process.stdout.write(render(comparison, options.deployTargetName));
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

/** The arguments of `nx` that deploy what is affected and nothing else, a line for each environment. */
function renderRunMany({ affected }: Comparison, deployTarget: string): string {
  const byEnvironment = new Map<string, string[]>();
  for (const { project, environment } of affected) {
    byEnvironment.set(environment, [...(byEnvironment.get(environment) ?? []), project]);
  }
  return [...byEnvironment]
    .map(
      ([environment, projects]) =>
        `run-many -t ${deployTarget} -p ${projects.join(',')} --env=${environment} --excludeTaskDependencies\n`,
    )
    .join('');
}

function renderTable({ base, head, changedFiles, affected }: Comparison): string {
  const range = `${base.slice(0, 9)}..${head?.slice(0, 9) ?? 'the files as they are'}`;
  if (affected.length === 0) return `no stack is affected by ${range} (${changedFiles.length} files differ)\n`;
  const width = Math.max(...affected.map(({ stack }) => stack.length));
  const lines = affected.flatMap(({ stack, reasons }) =>
    reasons
      .flatMap((reason) => describeReason(reason))
      .map((line, index) => `${(index === 0 ? stack : '').padEnd(width)}  ${line}`),
  );
  return `${lines.join('\n')}\n${affected.length} affected by ${range}\n`;
}

function describeReason(reason: Reason): string[] {
  switch (reason.kind) {
    case 'new':
      return ['is new'];
    case 'program':
      return [`program: ${reason.file}`];
    case 'upstream':
      return [`reads ${reason.stack}, which is affected`];
    case 'value': {
      const causes = reason.causes.map(
        ({ key, file, line, column, via }) => `  ${key} at ${file}:${line}:${column} through ${via.join(' → ')}`,
      );
      return [`${reason.key} ${reason.change}`, ...causes];
    }
  }
}
