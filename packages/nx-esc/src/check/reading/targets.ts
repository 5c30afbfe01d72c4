import type { NormalizedOptions } from '../../workspace/plugin-options';
import { entriesIn, isMapping, type Mapping, type Path, type StructuredFile } from './structured-file';

/** A target that a file of the user's declares. */
export interface DeclaredTarget {
  readonly file: StructuredFile;
  readonly name: string;
  readonly path: Path;
  readonly target: Mapping;
}

/** The targets in a project.json, a package.json, or the defaults in nx.json. */
export function targetsIn(file: StructuredFile): DeclaredTarget[] {
  const paths = [['targets'], ['nx', 'targets'], ['targetDefaults']];
  return paths.flatMap((path) =>
    entriesIn(file.at(path)).flatMap(([name, target]): DeclaredTarget[] =>
      isMapping(target) ? [{ file, name, path: [...path, name], target }] : [],
    ),
  );
}

/** Names of the targets that are for one environment. */
export function environmentTargetNames(options: NormalizedOptions): string[] {
  const { deployTargetName, previewTargetName, destroyTargetName, outputsTargetName, openTargetName } = options;
  return [
    deployTargetName,
    previewTargetName,
    destroyTargetName,
    outputsTargetName,
    openTargetName,
    options.checkTargetName,
  ];
}

/** Names of the targets that change a stack, or ask what would change. */
export function deployTargetNames({
  deployTargetName,
  previewTargetName,
  destroyTargetName,
}: NormalizedOptions): string[] {
  return [deployTargetName, previewTargetName, destroyTargetName];
}
