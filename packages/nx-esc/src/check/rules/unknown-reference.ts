import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const unknownReference: Rule = {
  code: 'unknown-reference',
  severity: 'error',
  summary: 'A reference leads to nothing.',
  checkProject: async (project) => (await languageFindings(project)).get('unknown-reference') ?? [],
};
