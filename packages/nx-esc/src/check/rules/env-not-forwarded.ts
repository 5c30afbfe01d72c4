import { isMapping, type StructuredFile } from '../reading/structured-file';
import { deployTargetNames, targetsIn } from '../reading/targets';
import type { NormalizedOptions } from '../../workspace/plugin-options';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const envNotForwarded: Rule = {
  code: 'env-not-forwarded',
  severity: 'error',
  summary: 'A deploy target depends on others without passing `--env` on to them.',
  checkProject: ({ manifests, workspace: { options } }) => manifests.flatMap((file) => findIn(file, options)),
  checkWorkspace: (workspace) => workspace.sharedTargetFiles().flatMap((file) => findIn(file, workspace.options)),
};

function findIn(file: StructuredFile, options: NormalizedOptions): Finding[] {
  const ours = deployTargetNames(options);
  return targetsIn(file).flatMap(({ name, path, target: { dependsOn } }) => {
    if (!ours.includes(name) || !Array.isArray(dependsOn)) return [];
    return (dependsOn as unknown[]).flatMap((dependency, index): Finding[] => {
      const target = targetOf(dependency);
      if (!ours.includes(target) || (isMapping(dependency) && dependency.params === 'forward')) return [];
      return [
        {
          place: file.placeOf([...path, 'dependsOn', index]),
          message: `"--env" of "${name}" does not reach "${target}" of other projects`,
          hint: `write { "target": "${target}", "dependencies": true, "params": "forward" }, or leave dependsOn to nx-esc`,
        },
      ];
    });
  });
}

/** `^deploy`, `project:deploy`, or the target of a mapping. */
function targetOf(dependency: unknown): string {
  const text = isMapping(dependency) ? dependency.target : dependency;
  return typeof text === 'string' ? text.replace(/^\^/, '').replace(/^[^:]*:/, '') : '';
}
