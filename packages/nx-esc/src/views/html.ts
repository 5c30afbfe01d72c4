import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExplainedGraph } from '../workspace/explained-graph';

const TEMPLATE = join(__dirname, '..', '..', 'assets', 'graph.html');

/** Writes one page that holds everything: it loads nothing, and can be kept as the artifact of a build. */
export function renderHtml(graph: ExplainedGraph): string {
  // In a script no `<` may stand: a name could end it.
  const data = JSON.stringify(graph).replaceAll('<', String.raw`\u003c`);
  return readFileSync(TEMPLATE, 'utf8').replace('/* graph */', () => data);
}
