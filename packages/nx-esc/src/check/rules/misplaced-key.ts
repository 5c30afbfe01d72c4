import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const misplacedKey: Rule = {
  code: 'misplaced-key',
  severity: 'error',
  summary: 'A key stands outside of `values`, where the language ignores it.',
  checkProject: async (project) => (await languageFindings(project)).get('misplaced-key') ?? [],
};
