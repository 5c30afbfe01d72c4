import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const stackWithoutEnvironment: Rule = {
  code: 'stack-without-environment',
  severity: 'warning',
  summary: 'A stack has no environment, while other stacks of the project have one.',
  checkProject({ deployable, stackFiles, environments, project, files }) {
    const having = new Set([
      ...stackFiles.flatMap(({ stack, namesEnvironment }) => (namesEnvironment ? [stack] : [])),
      ...environments.map(({ environment }) => environment),
    ]);
    const equipped = deployable.filter((stack) => having.has(stack));
    if (equipped.length === 0) return [];
    return deployable
      .filter((stack) => !having.has(stack))
      .map((stack): Finding => ({
        place: { file: files.stacks.get(stack) ?? files.projectFile ?? files.root, line: 1, column: 1 },
        message: `the stack "${stack}" of ${project.name} has no environment; ${equipped.join(', ')} ${equipped.length === 1 ? 'has' : 'have'} one`,
        hint: `add esc/${stack}.yaml, or name one under "environment:"`,
      }));
  },
};
