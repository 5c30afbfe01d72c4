import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const indexIntoText: Rule = {
  code: 'index-into-text',
  severity: 'error',
  summary: 'A reference looks into a text as if it were an object.',
  checkProject: async (project) => (await languageFindings(project)).get('index-into-text') ?? [],
};
