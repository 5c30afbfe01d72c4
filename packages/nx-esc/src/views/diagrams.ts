import type { Entity } from '../workspace/entity-graph';
import type { ExplainedGraph } from '../workspace/explained-graph';
import { groupBy } from './select';

const NO_PROJECT = 'not in this workspace';

/** Writes a Mermaid flowchart, with a subgraph per project. */
export function renderMermaid({ entities, edges }: ExplainedGraph): string {
  const ids = new Map(entities.map(({ id }, index) => [id, `n${index}`]));
  const lines = ['flowchart LR'];
  [...byProject(entities)].forEach(([project, members], index) => {
    lines.push(`  subgraph p${index}["${mermaidText(project)}"]`);
    for (const { id, kind, name } of members) {
      const [open, close] = kind === 'stack' ? ['[[', ']]'] : kind === 'environment' ? ['(', ')'] : ['[/', '/]'];
      lines.push(`    ${ids.get(id) ?? ''}${open}"${mermaidText(name)}"${close}`);
    }
    lines.push('  end');
  });
  for (const { from, to, references } of edges) {
    const kinds = [...new Set(references.map(({ kind }) => kind))].join(', ');
    lines.push(`  ${ids.get(from) ?? ''} -->|"${mermaidText(kinds)}"| ${ids.get(to) ?? ''}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Writes a graph in the DOT language of Graphviz, with a cluster per project. */
export function renderDot({ entities, edges }: ExplainedGraph): string {
  const lines = ['digraph "nx-esc" {', '  rankdir=LR;', '  node [fontname="sans-serif"];'];
  [...byProject(entities)].forEach(([project, members], index) => {
    lines.push(`  subgraph cluster_${index} {`, `    label=${dotText(project)};`);
    for (const { id, kind, name } of members) {
      const shape = kind === 'stack' ? 'box3d' : kind === 'environment' ? 'box, style=rounded' : 'box, style=dashed';
      lines.push(`    ${dotText(id)} [label=${dotText(name)}, shape=${shape}];`);
    }
    lines.push('  }');
  });
  for (const { from, to, references } of edges) {
    const places = references.map(({ file, line, kind }) => `${kind} ${file}:${line}`).join('\\n');
    lines.push(`  ${dotText(from)} -> ${dotText(to)} [tooltip="${places.replaceAll('"', '\\"')}"];`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

function byProject(entities: readonly Entity[]): Map<string, Entity[]> {
  return groupBy(entities, ({ project }) => project ?? NO_PROJECT);
}

function mermaidText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function dotText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
