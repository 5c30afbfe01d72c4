import type { Comparison } from '../affected/compare-revisions';
import type { Reason } from '../affected/find-affected';
import { renderMarkdown } from '../affected/render-markdown';
import { Failure } from '../failures/failure';
import { readPluginOptions } from '../workspace/plugin-options';
import { compareWorkspace, type WorkspaceComparisonRequest } from './compare-workspace';
import { readNxJson } from './session-policy';

export interface AffectedCommandOptions extends WorkspaceComparisonRequest {
  readonly format: string;
}

const FORMATS: Readonly<Record<string, (comparison: Comparison, deployTarget: string) => string>> = {
  table: renderTable,
  json: (comparison) => `${JSON.stringify(comparison, null, 2)}\n`,
  projects: ({ affected }) => `${[...new Set(affected.map(({ project }) => project))].join(',')}\n`,
  markdown: renderMarkdown,
  'run-many': renderRunMany,
};

/**
 * Prints which stacks a change reaches, by what they receive.
 *
 * @throws Failure config/option-invalid, and those of compareRevisions
 */
export async function affectedCommand({ format, ...request }: AffectedCommandOptions): Promise<void> {
  const render = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (render === undefined) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `unknown format "${format}"`,
      hint: `formats: ${Object.keys(FORMATS).join(', ')}`,
    });
  }
  const comparison = await compareWorkspace(request);
  const { deployTargetName } = readPluginOptions(readNxJson(request.workspaceRoot));
  process.stdout.write(render(comparison, deployTargetName));
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
