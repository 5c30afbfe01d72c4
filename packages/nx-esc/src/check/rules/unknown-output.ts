import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const unknownOutput: Rule = {
  code: 'unknown-output',
  severity: 'error',
  summary: 'A stack has no output of that name: neither its program nor its state knows it.',
  checkProject: async (project) => (await languageFindings(project)).get('unknown-output') ?? [],
};
