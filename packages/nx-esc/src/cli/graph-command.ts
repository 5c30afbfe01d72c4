import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Failure } from '../failures/failure';
import { GRAPH_FORMATS } from '../views';
import { selectFrom } from '../views/select';
import { buildEntityGraph } from '../workspace/entity-graph';
import { explainGraph } from '../workspace/explained-graph';
import { readWorkspace } from './cli-session';
import { compareWorkspace } from './compare-workspace';

export interface GraphCommandOptions {
  readonly workspaceRoot: string;
  readonly names: readonly string[];
  readonly format: string;
  readonly environment?: string;
  /** Whether only stacks count that a change reaches, and those that read their outputs. */
  readonly onlyAffected: boolean;
  readonly base?: string;
  readonly head?: string;
  /** File to write instead of standard output, relative to the current folder. */
  readonly output?: string;
}

/**
 * Draws stacks and environments with what makes them depend on one another.
 *
 * @throws Failure config/option-invalid for an unknown format, names that match nothing, or a revision without
 * `--affected`; those of compareRevisions
 */
export async function graphCommand(options: GraphCommandOptions): Promise<void> {
  const { workspaceRoot, names, format, environment, output } = options;
  const render = Object.hasOwn(GRAPH_FORMATS, format) ? GRAPH_FORMATS[format] : undefined;
  if (render === undefined) {
    const formats = Object.keys(GRAPH_FORMATS).join(', ');
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `unknown format "${format}"`,
      hint: `formats: ${formats}`,
    });
  }
  const affected = await affectedStacks(options);
  const { index } = readWorkspace(workspaceRoot);
  const selection = { names, ...(environment !== undefined && { environment }), ...(affected && { stacks: affected }) };
  const graph = selectFrom(explainGraph(buildEntityGraph(index), workspaceRoot), selection);
  index.facts.save();
  for (const { file, line, column, reason } of index.brokenFiles()) {
    console.error(`${file}:${line}:${column}: ${reason} (the file is left out of the graph)`);
  }
  if (graph.entities.length === 0 && affected === undefined && (names.length > 0 || environment !== undefined)) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `nothing is named ${[...names, ...(environment === undefined ? [] : [`--env=${environment}`])].join(' ')}`,
      hint: 'leave the names out to see all of the graph',
    });
  }
  const rendered = render(graph, { workspaceRoot, ...selection });
  if (output === undefined) {
    process.stdout.write(rendered);
    return;
  }
  const file = resolve(output);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, rendered);
  console.error(`wrote ${output}`);
}

/** Names of the stacks to which `--affected` narrows the graph; undefined without it. */
async function affectedStacks(options: GraphCommandOptions): Promise<ReadonlySet<string> | undefined> {
  const { workspaceRoot, environment, onlyAffected, base, head } = options;
  if (!onlyAffected) {
    if (base === undefined && head === undefined) return undefined;
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `--${base === undefined ? 'head' : 'base'} is for --affected`,
      hint: 'add --affected',
    });
  }
  const { affected } = await compareWorkspace({
    workspaceRoot,
    includesDownstream: true,
    ...(environment !== undefined && { environment }),
    ...(base !== undefined && { base }),
    ...(head !== undefined && { head }),
  });
  return new Set(affected.map(({ stack }) => stack));
}
