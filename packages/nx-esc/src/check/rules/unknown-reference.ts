import type { Rule } from '../rule';

export const unknownReference: Rule = {
  code: 'unknown-reference',
  severity: 'error',
  summary: 'A reference leads to nothing.',
  checkProject: async (project) => (await project.languageFindings()).get('unknown-reference') ?? [],
};
