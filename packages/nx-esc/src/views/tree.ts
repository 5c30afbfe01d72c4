import type { Entity } from '../workspace/entity-graph';
import type { ExplainedEdge, ExplainedGraph } from '../workspace/explained-graph';
import { groupBy, placeOf } from './select';

/**
 * Draws what nothing else rests on, and beneath each what it rests on, with the place of the first reference. What was
 * drawn before is not drawn again, but marked.
 */
export function renderTree({ entities, edges }: ExplainedGraph): string {
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  const outgoing = groupBy(edges, ({ from }) => from);
  const reached = new Set(edges.map(({ to }) => to));
  const drawn = new Set<string>();
  const lines: string[] = [];

  const draw = (id: string, edge: ExplainedEdge | undefined, margin: string, branch: string): void => {
    const children = outgoing.get(id) ?? [];
    const isRepeated = drawn.has(id) && children.length > 0;
    lines.push(`${margin}${branch}${describe(byId.get(id), id)}${placed(edge)}${isRepeated ? '  (see above)' : ''}`);
    if (drawn.has(id)) return;
    drawn.add(id);
    const inner = branch === '' ? margin : `${margin}${branch.startsWith('└') ? '   ' : '│  '}`;
    children.forEach((child, index) => draw(child.to, child, inner, index === children.length - 1 ? '└─ ' : '├─ '));
  };

  for (const { id } of entities) if (!reached.has(id)) draw(id, undefined, '', '');
  // What is left lies on cycles: of a stack and the environment that reads it, the stack comes first.
  const left = [...entities].sort((a, b) => Number(b.kind === 'stack') - Number(a.kind === 'stack'));
  for (const { id } of left) if (!drawn.has(id)) draw(id, undefined, '', '');
  return `${lines.join('\n')}\n`;
}

function describe(entity: Entity | undefined, id: string): string {
  return entity === undefined ? id : `${entity.kind} ${entity.name}`;
}

function placed(edge: ExplainedEdge | undefined): string {
  const [first, ...others] = edge?.references ?? [];
  if (first === undefined) return '';
  return `  ${placeOf(first)}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
