import { Failure } from '../failures/failure';
import { describeEdges } from '../workspace/describe-edges';
import { EntityGraph } from '../workspace/entity-graph';
import type { ExplainedGraph } from '../workspace/explained-graph';
import { StackOrder } from '../workspace/stack-order';

/** A deployment as a job of a CI's matrix. */
export interface MatrixEntry {
  /** All of one wave can be deployed at once, after those of the waves before; from 1. */
  readonly wave: number;
  /** Name of the Nx project. */
  readonly project: string;
  /** `project/stack`, by the name in Pulumi.yaml. */
  readonly stack: string;
  readonly environment: string;
}

/** What all views but this one do without. */
export interface ViewRequest {
  /** Only stacks of this name. */
  readonly environment?: string;
  /** Only these stacks, as `project/stack`; what they rest on puts them in order, and is deployed already. */
  readonly stacks?: ReadonlySet<string>;
  readonly workspaceRoot: string;
}

/** Writes all deployments as one matrix, `{"include":[…]}`. */
export function renderMatrix(graph: ExplainedGraph, request: ViewRequest): string {
  return `${JSON.stringify({ include: wavesOf(graph, request).flat() })}\n`;
}

/** Writes a matrix for each wave, a line each. */
export function renderWaves(graph: ExplainedGraph, request: ViewRequest): string {
  return wavesOf(graph, request)
    .map((include) => `${JSON.stringify({ include })}\n`)
    .join('');
}

/** @throws Failure config/cyclic-stacks */
function wavesOf(
  explained: ExplainedGraph,
  { environment: only, stacks: named, workspaceRoot }: ViewRequest,
): MatrixEntry[][] {
  const graph = new EntityGraph(new Map(explained.entities.map((entity) => [entity.id, entity])), explained.edges);
  const order = new StackOrder(graph);
  const stacks = explained.entities.filter(
    ({ isDeployable, environment, name }) =>
      isDeployable === true && (only === undefined || environment === only) && (named?.has(name) ?? true),
  );
  const cycle = order.findCycleBeneath(stacks.map(({ id }) => id));
  if (cycle !== undefined) {
    throw new Failure({
      class: 'config',
      code: 'cyclic-stacks',
      message: 'there is no order for stacks that rest on one another',
      details: describeEdges(cycle, workspaceRoot),
      hint: 'take one of these references out',
    });
  }
  const waves = new Map<string, number>();
  const included = new Set(stacks.map(({ id }) => id));
  // What lies between two stacks need not be deployed itself, and still puts one after the other.
  const waveOf = (id: string): number => {
    const known = waves.get(id);
    if (known !== undefined) return known;
    const before = Math.max(0, ...order.upstreamOf(id).map(waveOf));
    const wave = before + (included.has(id) ? 1 : 0);
    waves.set(id, wave);
    return wave;
  };
  const entries = stacks.map(({ id, name, project = '', environment = '' }) => ({
    wave: waveOf(id),
    project,
    stack: name,
    environment,
  }));
  const count = Math.max(0, ...entries.map(({ wave }) => wave));
  return Array.from({ length: count }, (_, index) => entries.filter(({ wave }) => wave === index + 1));
}
