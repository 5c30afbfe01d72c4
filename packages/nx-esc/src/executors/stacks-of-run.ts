import { Failure } from '../failures/failure';
import { describeEdges } from '../workspace/describe-edges';
import { buildEntityGraph, type Entity } from '../workspace/entity-graph';
import { orderProjectsOnCycles, StackOrder } from '../workspace/stack-order';
import type { IndexedProject, WorkspaceIndex } from '../workspace/workspace-index';
import type { TaskOfRun } from './tasks-of-run';

/** A stack of the workspace, by its Nx project. */
export interface StackOfProject {
  readonly project: IndexedProject;
  readonly stack: string;
}

/** The stacks of a workspace and of the run that a task belongs to. */
export class StacksOfRun {
  readonly #order: StackOrder;

  constructor(
    readonly index: WorkspaceIndex,
    readonly tasks: readonly TaskOfRun[],
  ) {
    this.#order = new StackOrder(buildEntityGraph(index));
  }

  /** Tells whether another task of the run is for a stack of this name, so that it is no slip of the pen. */
  isElsewhere(environment: string): boolean {
    return this.tasks.some((task) => {
      const project = this.index.project(task.project);
      return task.environment === environment && project && this.index.deployable(project).includes(environment);
    });
  }

  /**
   * Makes sure that no stack of the run rests on itself.
   *
   * @throws Failure config/cyclic-stacks
   */
  assertNoCycle(own: StackOfProject): void {
    const stacks = this.tasks.flatMap(({ project: name, environment }) => {
      const project = this.index.project(name);
      return project === undefined ? [] : [this.#idOf({ project, stack: environment })];
    });
    const cycle = this.#order.findCycleBeneath([this.#idOf(own), ...stacks]);
    if (cycle === undefined) return;
    const [first] = cycle;
    const names = cycle.flatMap(({ from }) => (from.startsWith('stack:') ? [from.slice('stack:'.length)] : []));
    throw new Failure({
      class: 'config',
      code: 'cyclic-stacks',
      message: `no stack of these can be deployed first: ${[...names, first?.from.slice('stack:'.length)].join(' → ')}`,
      details: describeEdges(cycle, this.index.workspaceRoot),
      hint: 'take one of these references out, for instance by a stack of its own for what both read',
    });
  }

  /**
   * The stacks that must be deployed right before, by the same task: those that Nx cannot put in an order, since their
   * projects rest on one another. Only stacks of the same name: others are deployed on purpose.
   */
  deployedBefore(own: StackOfProject): StackOfProject[] {
    const { companions = [] } = orderProjectsOnCycles(this.#order).get(own.project.name) ?? {};
    const isIncluded = ({ project, environment }: Entity): boolean =>
      environment === own.stack &&
      project !== undefined &&
      companions.includes(project) &&
      this.#isOurs(project, own.stack);
    return this.#stacksOf(this.#order.deployedBefore(this.#idOf(own), isIncluded));
  }

  /** The stacks that read a stack, or one that does; each before those that it reads. */
  destroyedBefore(own: StackOfProject): StackOfProject[] {
    return this.#stacksOf(this.#order.destroyedBefore(this.#idOf(own)));
  }

  /** Tells whether a task of the run is for a stack. */
  hasTask({ project, stack }: StackOfProject): boolean {
    return this.tasks.some((task) => task.project === project.name && task.environment === stack);
  }

  /** What makes one stack read another, a line for each reference. */
  describePath(from: StackOfProject, to: StackOfProject): string[] {
    return describeEdges(this.#order.pathBetween(this.#idOf(from), this.#idOf(to)), this.index.workspaceRoot);
  }

  /** `project/stack`, by the name in Pulumi.yaml. */
  nameOf({ project, stack }: StackOfProject): string {
    return `${this.index.pulumiProject(project).pulumiName}/${stack}`;
  }

  #isOurs(name: string, stack: string): boolean {
    const project = this.index.project(name);
    return project !== undefined && this.index.deployable(project).includes(stack);
  }

  #idOf(stack: StackOfProject): string {
    return `stack:${this.nameOf(stack)}`;
  }

  #stacksOf(ids: readonly string[]): StackOfProject[] {
    return ids.flatMap((id) => {
      const { project: name, environment } = this.#order.graph.entities.get(id) ?? {};
      const project = name === undefined ? undefined : this.index.project(name);
      return project === undefined || environment === undefined ? [] : [{ project, stack: environment }];
    });
  }
}
