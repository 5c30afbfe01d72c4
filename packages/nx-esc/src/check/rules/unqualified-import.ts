import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const unqualifiedImport: Rule = {
  code: 'unqualified-import',
  severity: 'warning',
  summary: 'An import without its project means another environment in Pulumi Cloud.',
  checkProject: async (project) => (await languageFindings(project)).get('unqualified-import') ?? [],
};
