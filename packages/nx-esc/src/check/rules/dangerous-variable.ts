import { refusedVariables } from '../reading/declared-variables';
import type { Rule } from '../rule';

export const dangerousVariable: Rule = {
  code: 'dangerous-variable',
  severity: 'error',
  summary: 'An environment sets a variable that changes what every process runs.',
  checkProject: (project) => refusedVariables(project, 'variable-not-allowed'),
};
