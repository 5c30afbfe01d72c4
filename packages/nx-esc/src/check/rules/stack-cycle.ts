import { ReferenceLocator } from '../../workspace/explained-graph';
import type { CheckedWorkspace } from '../checked-workspace';
import type { Finding, RelatedPlace } from '../finding';
import type { Rule } from '../rule';

export const stackCycle: Rule = {
  code: 'stack-cycle',
  severity: 'error',
  summary: 'Stacks read the outputs of one another, so that none can be deployed first.',
  checkWorkspace: (workspace) => workspace.order.findCycles().flatMap((cycle) => describeCycle(workspace, cycle)),
};

function describeCycle({ graph, order, root }: CheckedWorkspace, cycle: readonly string[]): Finding[] {
  const locator = new ReferenceLocator(root);
  const names = [...cycle, cycle[0] as string].map((id) => graph.entities.get(id)?.name ?? id);
  const steps = cycle.flatMap((from, index): RelatedPlace[] =>
    order.pathBetween(from, cycle[(index + 1) % cycle.length] as string).flatMap((edge): RelatedPlace[] => {
      const [reference] = edge.references.flatMap((each) => locator.locate(each));
      if (reference === undefined) return [];
      const { file, line, column } = reference;
      const [source, target] = [edge.from, edge.to].map((id) => id.replace(':', ' '));
      return [{ file, line, column, message: `${source} reads ${target}` }];
    }),
  );
  const [first] = steps;
  if (first === undefined) return [];
  return [
    {
      place: { file: first.file, line: first.line, column: first.column },
      message: `stacks rest on one another: ${names.join(' → ')}`,
      hint: 'move what they share into a stack that reads none of them',
      related: steps,
    },
  ];
}
