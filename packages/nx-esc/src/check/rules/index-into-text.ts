import type { Rule } from '../rule';

export const indexIntoText: Rule = {
  code: 'index-into-text',
  severity: 'error',
  summary: 'A reference looks into a text as if it were an object.',
  checkProject: async (project) => (await project.languageFindings()).get('index-into-text') ?? [],
};
