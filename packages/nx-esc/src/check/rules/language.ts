import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const language: Rule = {
  code: 'language',
  severity: 'error',
  summary: 'The language refuses something else in an environment.',
  checkProject: async (project) => (await languageFindings(project)).get('language') ?? [],
};
