import { refusedVariables } from '../reading/declared-variables';
import type { Rule } from '../rule';

export const variableName: Rule = {
  code: 'variable-name',
  severity: 'error',
  summary: 'A variable has a name that no process can have.',
  checkProject: (project) => refusedVariables(project, 'variable-name-invalid'),
};
