import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { DeploymentServices, StackTarget } from '../deployment/deployment';
import { describeFailure, exitCodeOf } from '../failures/describe-failure';
import { Failure } from '../failures/failure';
import { cancelOnSignals } from '../workspace/cancellation';
import { type NormalizedOptions, readPluginOptions } from '../workspace/plugin-options';
import { processEnvironment } from '../workspace/process-environment';
import { ConsoleReporter } from '../workspace/console-reporter';
import { indexProjects } from '../workspace/read-workspace';
import { createSession, stackTargetOf } from '../workspace/session';
import { environmentProjectOf, type IndexedProject, type WorkspaceIndex } from '../workspace/workspace-index';
import { selectedEnvironment, selectEnvironment } from './select-environment';
import type { StackOfProject, StacksOfRun } from './stacks-of-run';

/** Options that every executor has. */
export interface TaskOptions {
  readonly env?: string;
  readonly summaryFile?: string;
}

/** What an executor works with: its project, the environment chosen for it, and the services. */
export interface Task {
  readonly project: IndexedProject;
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly services: DeploymentServices;
  /** Folder of the project, absolute. */
  readonly folder: string;
  selectStack(): StackTarget;
  /**
   * The chosen stack; undefined, with a note, where the project has none of that name but another project of the run has:
   * a run for one environment spans projects that have nothing there.
   */
  selectStackOf(stacks: StacksOfRun): StackOfProject | undefined;
  /** Name of the chosen environment, `project/environment`. */
  selectEnvironment(): string;
}

/** Runs an executor: prints its failure as its users read it, and writes the summary file if one is asked for. */
export async function runTask(
  options: TaskOptions,
  context: ExecutorContext,
  run: (task: Task) => Promise<unknown>,
): Promise<{ success: boolean }> {
  const cancellation = cancelOnSignals();
  try {
    const result = await run(createTask(options, context, cancellation.signal));
    writeSummary(options, context, { success: true, result });
    return { success: true };
  } catch (error) {
    console.error(describeFailure(error, context.root));
    writeSummary(options, context, { success: false, failure: summarizeFailure(error) });
    return { success: false };
  } finally {
    cancellation.dispose();
  }
}

function createTask({ env }: TaskOptions, context: ExecutorContext, signal: AbortSignal): Task {
  const { root, projectName = '', projectsConfigurations, nxJsonConfiguration, configurationName } = context;
  const projects = Object.entries(projectsConfigurations.projects).map(([name, project]) => ({
    name,
    root: project.root,
  }));
  const pluginOptions = readPluginOptions(nxJsonConfiguration as { plugins?: unknown[] } | undefined);
  const index = indexProjects(root, projects, pluginOptions);
  const project = index.project(projectName);
  if (project === undefined)
    throw new Failure({ class: 'config', code: 'project-not-found', message: `there is no project ${projectName}` });
  const services = createSession({
    index,
    options: pluginOptions,
    env: processEnvironment(),
    signal,
    reporter: new ConsoleReporter(),
  });
  const select = (available: readonly string[]): string =>
    selectEnvironment({
      project: projectName,
      available,
      ...(env !== undefined && { env }),
      ...(configurationName !== undefined && { configuration: configurationName }),
    });
  const selectStackOf = (stacks: StacksOfRun): StackOfProject | undefined => {
    const available = index.deployable(project);
    const asked = selectedEnvironment({ env, configuration: configurationName });
    if (asked !== undefined && !available.includes(asked) && stacks.isElsewhere(asked)) {
      services.reporter.note(`nothing to do: ${projectName} has no stack "${asked}"`);
      return undefined;
    }
    return { project, stack: select(available) };
  };
  return {
    project,
    index,
    options: pluginOptions,
    services,
    folder: resolve(root, project.files.root),
    selectStackOf,
    selectStack: () => stackTargetOf(index, project, select(index.deployable(project)), pluginOptions),
    selectEnvironment: () =>
      `${environmentProjectOf(projectName)}/${select([...project.files.environments.keys()].sort())}`,
  };
}

function summarizeFailure(error: unknown): object {
  if (!(error instanceof Failure))
    return { class: 'internal', code: 'internal', message: String(error), exitCode: exitCodeOf(error) };
  const { failureClass, code, message, hint, location, exitCode } = error;
  return { class: failureClass, code, message, hint, location, exitCode };
}

function writeSummary(
  { summaryFile }: TaskOptions,
  { root, projectName, targetName }: ExecutorContext,
  content: object,
): void {
  if (summaryFile === undefined) return;
  writeFileSync(
    resolve(root, summaryFile),
    `${JSON.stringify({ project: projectName, target: targetName, ...content }, null, 2)}\n`,
  );
}
