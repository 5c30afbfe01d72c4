import { languageFindings } from '../language-findings';
import type { Rule } from '../rule';

export const importCycle: Rule = {
  code: 'import-cycle',
  severity: 'error',
  summary: 'Environments import one another.',
  checkProject: async (project) => (await languageFindings(project)).get('import-cycle') ?? [],
};
