import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const syntax: Rule = {
  code: 'syntax',
  severity: 'error',
  summary: 'A file is not the YAML that it should be.',
  async checkProject(project) {
    const { files, workspace } = project;
    const others = [...(files.projectFile === undefined ? [] : [files.projectFile]), ...files.stacks.values()];
    return [
      ...((await languageFindings(project)).get('syntax') ?? []),
      ...others.flatMap((file) => {
        const { broken } = workspace.index.facts.factsOf(file);
        if (broken === undefined) return [];
        const { line, column, reason } = broken;
        return [{ place: { file, line, column }, message: reason }];
      }),
    ];
  },
};
