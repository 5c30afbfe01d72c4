import type { Path, StructuredFile } from '../reading/structured-file';
import { deployTargetNames, targetsIn } from '../reading/targets';
import type { NormalizedOptions } from '../../workspace/plugin-options';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const defaultEnvironment: Rule = {
  code: 'default-environment',
  severity: 'error',
  summary: 'A deploy target falls back to an environment that nobody named.',
  checkProject: ({ manifests, workspace: { options } }) => manifests.flatMap((file) => findIn(file, options)),
  checkWorkspace: (workspace) => workspace.sharedTargetFiles().flatMap((file) => findIn(file, workspace.options)),
};

function findIn(file: StructuredFile, options: NormalizedOptions): Finding[] {
  return targetsIn(file).flatMap(({ name, path, target: { defaultConfiguration, options: given } }) => {
    if (!deployTargetNames(options).includes(name)) return [];
    const env = (given as { readonly env?: unknown } | undefined)?.env;
    return [
      ...describe(file, name, [...path, 'defaultConfiguration'], defaultConfiguration),
      ...describe(file, name, [...path, 'options', 'env'], env),
    ];
  });
}

function describe(file: StructuredFile, name: string, path: Path, value: unknown): Finding[] {
  if (typeof value !== 'string') return [];
  return [
    {
      place: file.placeOf(path),
      message: `"${name}" takes "${value}" where none is named: a mistyped "-c" reaches it as none`,
      hint: 'take it out: --env, or -c, is to say which environment is meant',
    },
  ];
}
