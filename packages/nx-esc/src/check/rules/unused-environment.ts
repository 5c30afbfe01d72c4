import { entriesIn, textsIn } from '../reading/structured-file';
import type { CheckedWorkspace } from '../checked-workspace';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

/** An environment with one of these is there to be opened, by people too. */
const GIVEN = ['environmentVariables', 'files', 'pulumiConfig'];

export const unusedEnvironment: Rule = {
  code: 'unused-environment',
  severity: 'warning',
  summary: 'Nothing imports, opens or names an environment.',
  checkWorkspace(workspace) {
    const { graph, index } = workspace;
    const used = new Set(graph.edges.map(({ to }) => to));
    const candidates = [...index.environments()].filter(
      ({ name }) => !used.has(`environment:${name}`) && !graph.entities.has(`stack:${name}`),
    );
    const idle = candidates.filter((environment) => {
      const own = new Set([...workspace.allOf(environment).values()].map(({ path: [root] }) => root));
      return workspace.parsed(environment).declaration !== null && !GIVEN.some((key) => own.has(key));
    });
    if (idle.length === 0) return [];
    const mentioned = mentionedTexts(workspace);
    return idle.flatMap(({ name, file }): Finding[] =>
      mentioned.some((text) => text.includes(name))
        ? []
        : [
            {
              place: { file, line: 1, column: 1 },
              message: `nothing uses ${name}, and it gives nothing to a process or a stack`,
              hint: 'import it, name it in Pulumi.<stack>.yaml, or delete it',
            },
          ],
    );
  },
};

/** Where people and machines name environments beside the files of ours. */
function mentionedTexts(workspace: CheckedWorkspace): string[] {
  const files = [...workspace.workflows(), ...workspace.manifests()];
  const structured = files.flatMap((file) => {
    const data = workspace.structured(file)?.data;
    return data === undefined ? [] : [...textsIn(data)].map(({ text }) => text);
  });
  const scripts = workspace.envrcFiles().flatMap((file) => workspace.source(file)?.text ?? []);
  return [...structured, ...scripts, JSON.stringify(entriesIn(workspace.structured('nx.json')?.data))];
}
