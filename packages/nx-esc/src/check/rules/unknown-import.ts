import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const unknownImport: Rule = {
  code: 'unknown-import',
  severity: 'error',
  summary: 'An environment that is imported or referred to is not in the workspace.',
  checkProject: async (project) => (await languageFindings(project)).get('unknown-import') ?? [],
};
