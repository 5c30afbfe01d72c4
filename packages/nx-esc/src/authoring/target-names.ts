import { getProjects, joinPathFragments, readJson, type TargetConfiguration, type Tree } from '@nx/devkit';
import { normalizeOptions } from '../workspace/plugin-options';

/**
 * The names of the inferred targets as options of the plugin. A name that a project gives to something else already,
 * as a target or a script, gets `pulumi-` before it.
 */
export function targetNameOptions(tree: Tree): Record<string, string> {
  const taken = takenNames(tree);
  const names = Object.entries(normalizeOptions(undefined)).filter(([option]) => option.endsWith('TargetName'));
  return Object.fromEntries(
    names.map(([option, name]) => [option, taken.has(String(name)) ? `pulumi-${String(name)}` : String(name)]),
  );
}

function takenNames(tree: Tree): Set<string> {
  const names = new Set<string>();
  for (const { root, targets = {} } of getProjects(tree).values()) {
    for (const [name, target] of Object.entries(targets)) if (isOfAnother(target)) names.add(name);
    for (const name of scriptsOf(tree, root)) names.add(name);
  }
  return names;
}

/** A target with options alone adds to the one that we infer. */
function isOfAnother({ executor, command }: TargetConfiguration): boolean {
  return command !== undefined || (executor !== undefined && !executor.startsWith('nx-esc:'));
}

function scriptsOf(tree: Tree, root: string): string[] {
  const manifest = joinPathFragments(root, 'package.json');
  if (root === '.' || !tree.exists(manifest)) return [];
  const { scripts, nx } = readJson<{ scripts?: object; nx?: { includedScripts?: string[] } }>(tree, manifest);
  const included = nx?.includedScripts;
  return Object.keys(scripts ?? {}).filter((name) => included === undefined || included.includes(name));
}
