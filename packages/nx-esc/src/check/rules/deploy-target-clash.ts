import { entriesIn, type StructuredFile } from '../reading/structured-file';
import { environmentTargetNames, targetsIn } from '../reading/targets';
import type { NormalizedOptions } from '../../workspace/plugin-options';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

const RUN_COMMANDS = 'nx:run-commands';

export const deployTargetClash: Rule = {
  code: 'deploy-target-clash',
  severity: 'error',
  summary: 'A target has the name of one of ours, but cannot take `--env`, or takes its place.',
  checkProject: ({ manifests, files, workspace: { options } }) =>
    manifests.flatMap((file) => [
      ...runCommandsIn(file, options),
      ...(files.projectFile === undefined ? [] : replacedIn(file, options)),
    ]),
  checkWorkspace: (workspace) => workspace.foreignManifests().flatMap((file) => runCommandsIn(file, workspace.options)),
};

/** `--env` is an option of nx:run-commands itself, and no text. */
function runCommandsIn(file: StructuredFile, { deployTargetName }: NormalizedOptions): Finding[] {
  return targetsIn(file).flatMap(({ name, path, target }): Finding[] => {
    const isRunCommands = target.executor === RUN_COMMANDS || typeof target.command === 'string';
    if (name !== deployTargetName || !isRunCommands) return [];
    return [
      {
        place: file.placeOfKey(path),
        message: `nx refuses "--env=…" for "${name}", since it runs ${RUN_COMMANDS}: "nx affected -t ${name} --env=…" fails for all projects`,
        hint: `call it otherwise, or leave the executor out and give nx-esc:deploy the commands as its option "commands"`,
      },
    ];
  });
}

/** What a project's own file says of a target with another executor replaces the inferred target. */
function replacedIn(file: StructuredFile, options: NormalizedOptions): Finding[] {
  const ours = environmentTargetNames(options);
  const replaced = targetsIn(file).flatMap(({ name, path, target: { executor, command } }): Finding[] => {
    if (!ours.includes(name) || typeof executor !== 'string' || executor.startsWith('nx-esc:')) return [];
    if (name === options.deployTargetName && (executor === RUN_COMMANDS || command !== undefined)) return [];
    return [
      {
        place: file.placeOf([...path, 'executor']),
        message: `"${name}" runs ${executor}: "nx ${name}" does not reach the target of nx-esc`,
        hint: 'call it otherwise, or give the inferred target another name in nx.json',
      },
    ];
  });
  const isShown = (name: string): boolean => {
    const included = file.at(['nx', 'includedScripts']);
    return ours.includes(name) && (!Array.isArray(included) || included.includes(name));
  };
  const scripts = entriesIn(file.at(['scripts'])).flatMap(([name]): Finding[] =>
    isShown(name)
      ? [
          {
            place: file.placeOfKey(['scripts', name]),
            message: `the script "${name}" becomes a target: "nx ${name}" does not reach the one of nx-esc`,
            hint: `call it otherwise, or leave it out of "nx": { "includedScripts": [] }`,
          },
        ]
      : [],
  );
  return [...replaced, ...scripts];
}
