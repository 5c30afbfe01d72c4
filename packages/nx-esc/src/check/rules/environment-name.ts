import { parseEnvironmentName } from '../../backends/local/environment-name';
import { environmentProjectOf } from '../../workspace/workspace-index';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const environmentName: Rule = {
  code: 'environment-name',
  severity: 'error',
  summary: 'A file is an environment by its place, but has a name that environments cannot have.',
  checkProject: ({ project, files }) =>
    [...files.environments].flatMap(([environment, file]): Finding[] => {
      const name = `${environmentProjectOf(project.name)}/${environment}`;
      if (parseEnvironmentName(name) !== undefined) return [];
      return [
        {
          place: { file, line: 1, column: 1 },
          message: `${JSON.stringify(name)} is not the name of an environment: nothing can open it`,
          hint: 'names of projects and environments have letters, digits, ".", "_" and "-", 100 at most',
        },
      ];
    }),
};
