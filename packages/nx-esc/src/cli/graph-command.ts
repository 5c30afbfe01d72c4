import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Failure } from '../failures/failure';
import { GRAPH_FORMATS } from '../views';
import { selectFrom } from '../views/select';
import { buildEntityGraph } from '../workspace/entity-graph';
import { explainGraph } from '../workspace/explained-graph';
import { readWorkspace } from './cli-session';

export interface GraphCommandOptions {
  readonly workspaceRoot: string;
  readonly names: readonly string[];
  readonly format: string;
  readonly environment?: string;
  /** File to write instead of standard output, relative to the current folder. */
  readonly output?: string;
}

/**
 * Draws stacks and environments with what makes them depend on one another.
 *
 * @throws Failure config/option-invalid for an unknown format, or names that match nothing
 */
export function graphCommand({ workspaceRoot, names, format, environment, output }: GraphCommandOptions): void {
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
  const { index } = readWorkspace(workspaceRoot);
  const graph = selectFrom(explainGraph(buildEntityGraph(index), workspaceRoot), {
    names,
    ...(environment !== undefined && { environment }),
  });
  index.facts.save();
  for (const { file, line, column, reason } of index.brokenFiles()) {
    console.error(`${file}:${line}:${column}: ${reason} (the file is left out of the graph)`);
  }
  if (graph.entities.length === 0 && (names.length > 0 || environment !== undefined)) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `nothing is named ${[...names, ...(environment === undefined ? [] : [`--env=${environment}`])].join(' ')}`,
      hint: 'leave the names out to see all of the graph',
    });
  }
  const rendered = render(graph, { workspaceRoot, ...(environment !== undefined && { environment }) });
  if (output === undefined) {
    process.stdout.write(rendered);
    return;
  }
  const file = resolve(output);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, rendered);
  console.error(`wrote ${output}`);
}
