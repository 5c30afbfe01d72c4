import type { ExplainedGraph } from '../workspace/explained-graph';
import { renderDot, renderMermaid } from './diagrams';
import { renderHtml } from './html';
import { renderMatrix, renderWaves, type ViewRequest } from './matrix';
import { renderTree } from './tree';

/** How a graph can be written, by the name of the format. */
export const GRAPH_FORMATS: Readonly<Record<string, (graph: ExplainedGraph, request: ViewRequest) => string>> = {
  tree: renderTree,
  json: (graph) => `${JSON.stringify(graph, null, 2)}\n`,
  mermaid: renderMermaid,
  dot: renderDot,
  html: renderHtml,
  matrix: renderMatrix,
  waves: renderWaves,
};
