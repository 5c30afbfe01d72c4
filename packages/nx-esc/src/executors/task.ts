import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { ciLogOf } from '../ci/ci-log';
import type { DeploymentServices, DeploymentSummary, StackTarget } from '../deployment/deployment';
import { describeResources } from '../deployment/pulumi-output';
import { describeFailure, exitCodeOf } from '../failures/describe-failure';
import { Failure } from '../failures/failure';
import { parseBackendName } from '../workspace/backend-choice';
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
  /** Where environments are opened instead of where nx.json says. */
  readonly backend?: string;
  readonly summaryFile?: string;
}

/** What an executor works with: its project, the environment chosen for it, and the services. */
export interface Task {
  readonly project: IndexedProject;
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly services: DeploymentServices;
  /** Services of their own, for the workspace as it is now. */
  createServices(): DeploymentServices;
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
  const ci = ciLogOf(processEnvironment());
  const started = performance.now();
  const environment = options.env ?? context.configurationName;
  const row = {
    task: `${context.projectName}:${context.targetName}`,
    ...(environment !== undefined && { environment }),
  };
  let task: Task | undefined;
  const redact = (text: string): string => task?.services.redactor.redact(text) ?? text;
  try {
    task = createTask(options, context, cancellation.signal);
    const result = await run(task);
    writeSummary(options, context, { success: true, result });
    const milliseconds = performance.now() - started;
    if (isDeploymentSummary(result))
      ci?.summarize({ ...row, isSuccess: true, result: describeResources(result.resources), milliseconds });
    return { success: true };
  } catch (error) {
    console.error(redact(describeFailure(error, context.root)));
    const failure = summarizeFailure(error);
    writeSummary(options, context, { success: false, failure }, redact);
    ci?.annotate(error, context.root, redact);
    const result = redact(`${failure.class}/${failure.code}: ${failure.message}`);
    ci?.summarize({ ...row, isSuccess: false, result, milliseconds: performance.now() - started });
    return { success: false };
  } finally {
    await task?.services.audit?.flush();
    cancellation.dispose();
  }
}

function createTask({ env, backend }: TaskOptions, context: ExecutorContext, signal: AbortSignal): Task {
  const { root, projectName = '', projectsConfigurations, nxJsonConfiguration, configurationName } = context;
  const projects = Object.entries(projectsConfigurations.projects).map(([name, project]) => ({
    name,
    root: project.root,
  }));
  const pluginOptions = readPluginOptions(nxJsonConfiguration as { plugins?: unknown[] } | undefined);
  const readIndex = (): WorkspaceIndex => indexProjects(root, projects, pluginOptions);
  const index = readIndex();
  const project = index.project(projectName);
  if (project === undefined)
    throw new Failure({ class: 'config', code: 'project-not-found', message: `there is no project ${projectName}` });
  const servicesFor = (current: WorkspaceIndex): DeploymentServices =>
    createSession({
      index: current,
      options: pluginOptions,
      env: processEnvironment(),
      signal,
      reporter: new ConsoleReporter(),
      ...(backend !== undefined && { backend: parseBackendName(backend) }),
    });
  const services = servicesFor(index);
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
    createServices: () => servicesFor(readIndex()),
    folder: resolve(root, project.files.root),
    selectStackOf,
    selectStack: () => stackTargetOf(index, project, select(index.deployable(project)), pluginOptions),
    selectEnvironment: () =>
      `${environmentProjectOf(projectName)}/${select([...project.files.environments.keys()].sort())}`,
  };
}

function isDeploymentSummary(result: unknown): result is DeploymentSummary {
  return typeof result === 'object' && result !== null && 'resources' in result;
}

interface FailureSummary extends Readonly<Record<string, unknown>> {
  readonly class: string;
  readonly code: string;
  readonly message: string;
}

function summarizeFailure(error: unknown): FailureSummary {
  if (!(error instanceof Failure))
    return { class: 'internal', code: 'internal', message: String(error), exitCode: exitCodeOf(error) };
  const { failureClass, code, message, hint, location, exitCode } = error;
  return { class: failureClass, code, message, hint, location, exitCode };
}

function writeSummary(
  { summaryFile }: TaskOptions,
  { root, projectName, targetName }: ExecutorContext,
  content: object,
  redact: (text: string) => string = (text) => text,
): void {
  if (summaryFile === undefined) return;
  writeFileSync(
    resolve(root, summaryFile),
    redact(`${JSON.stringify({ project: projectName, target: targetName, ...content }, null, 2)}\n`),
  );
}
