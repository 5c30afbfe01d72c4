import { languageFindings } from '../language-findings';
import type { CheckedEnvironment, CheckedProject } from '../checked-project';
import { pathKey } from '../checked-workspace';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const finalOverride: Rule = {
  code: 'final-override',
  severity: 'warning',
  summary: 'A value that an imported environment declares final is overridden.',
  async checkProject(project) {
    const overridden = (await languageFindings(project)).get('final-override') ?? [];
    return [
      ...overridden.map((finding) => ({
        ...finding,
        message: "a final value of an import is overridden: the import's value stays",
        hint: 'take the line out, or "fn::final" in the import',
      })),
      ...project.environments.flatMap((environment) => overridingSiblings(project, environment)),
    ];
  },
};

/** A later import replaces a final value of an earlier one, and the language does not say so. */
function overridingSiblings({ workspace, project }: CheckedProject, { parsed, source }: CheckedEnvironment): Finding[] {
  const finals = new Map<string, { readonly importedAs: string; readonly file: string; readonly line: number }>();
  return (parsed.declaration?.imports ?? []).flatMap(({ name, merge, range }): Finding[] => {
    const imported = merge ? workspace.index.resolveEnvironment(name, project) : undefined;
    if (imported === undefined) return [];
    const values = workspace.allOf(imported);
    const findings: Finding[] = [];
    for (const { path, environment, keyRange } of values.values()) {
      const key = pathKey(path);
      const earlier = finals.get(key);
      if (earlier === undefined || earlier.file === environment.file) continue;
      findings.push({
        place: source.placeOf(range),
        message: `"${name}" overrides ${path.join('.')}, which "${earlier.importedAs}" declares final`,
        hint: 'change the order of the imports, or take the key out of one of them',
        related: [
          { file: earlier.file, line: earlier.line, column: 1, message: 'declared final here' },
          { file: environment.file, ...keyRange.begin, message: 'overridden here' },
        ],
      });
    }
    for (const { path, environment, keyRange, expression } of values.values()) {
      if (expression.kind !== 'call' || expression.name !== 'fn::final') finals.delete(pathKey(path));
      else finals.set(pathKey(path), { importedAs: name, file: environment.file, line: keyRange.begin.line });
    }
    return findings;
  });
}
