import { readNxJson, type Tree, updateNxJson } from '@nx/devkit';
import { CONFIG_TYPES_FILE } from './config-types-text';

export const SYNC_GENERATOR = 'nx-esc:sync';

/** Has `nx sync` keep what was generated in step. */
export function registerSync(tree: Tree): void {
  const nxJson = readNxJson(tree) ?? {};
  const generators = nxJson.sync?.globalGenerators ?? [];
  if (generators.includes(SYNC_GENERATOR)) return;
  updateNxJson(tree, { ...nxJson, sync: { ...nxJson.sync, globalGenerators: [...generators, SYNC_GENERATOR] } });
}

/** Keeps in nx.json where the accessor of an app is; the usual place needs no word. */
export function recordConfigTypesFile(tree: Tree, project: string, file: string): void {
  const nxJson = readNxJson(tree) ?? {};
  const { generatorOptions = {} } = nxJson.sync ?? {};
  const known = configTypesFiles(nxJson);
  if ((known.get(project) ?? CONFIG_TYPES_FILE) === file) return;
  const others = [...known].filter(([name]) => name !== project);
  const configTypes = Object.fromEntries(file === CONFIG_TYPES_FILE ? others : [...others, [project, file]]);
  updateNxJson(tree, {
    ...nxJson,
    sync: {
      ...nxJson.sync,
      generatorOptions: {
        ...generatorOptions,
        [SYNC_GENERATOR]: { ...(generatorOptions[SYNC_GENERATOR] as object | undefined), configTypes },
      },
    },
  });
}

/** The recorded files, relative to their projects, by project; what is malformed counts as missing. */
export function configTypesFiles({
  sync,
}: {
  readonly sync?: { readonly generatorOptions?: unknown };
}): ReadonlyMap<string, string> {
  const options = sync?.generatorOptions as Readonly<Record<string, { configTypes?: unknown } | undefined>> | undefined;
  const written = options?.[SYNC_GENERATOR]?.configTypes;
  if (typeof written !== 'object' || written === null) return new Map();
  return new Map(Object.entries(written).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
