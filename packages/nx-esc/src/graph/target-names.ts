import type { NormalizedOptions } from '../workspace/plugin-options';
import type { IndexedProject, WorkspaceIndex } from '../workspace/workspace-index';

type NameOption = Exclude<Extract<keyof NormalizedOptions, `${string}TargetName`>, undefined>;
/** What the targets of a project are called. */
export type TargetNames = Readonly<Record<NameOption, string>>;

export interface ChosenTargetNames {
  of(project: IndexedProject): TargetNames;
  /** Every name that a deploy target has, sorted. */
  readonly deployNames: readonly string[];
}

const PREFIX = 'pulumi-';

/**
 * Calls the targets as the options say. A project that has a target or script of such a name, which runs something of its
 * own, keeps it: the inferred one is called `pulumi-deploy` there.
 */
export function chooseTargetNames(index: WorkspaceIndex, options: NormalizedOptions): ChosenTargetNames {
  const common = Object.fromEntries(
    Object.entries(options).filter(([key]) => key.endsWith('TargetName')),
  ) as TargetNames;
  const changed = new Map<string, TargetNames>();
  const deployNames = new Set<string>();
  for (const project of index.projects()) {
    const taken = new Set(index.manifestsOf(project).flatMap((file) => index.facts.factsOf(file).targetNames ?? []));
    const entries = Object.entries(common).map(([key, name]) => [key, taken.has(name) ? `${PREFIX}${name}` : name]);
    const names = taken.size === 0 ? common : (Object.fromEntries(entries) as TargetNames);
    if (names !== common) changed.set(project.name, names);
    if (project.files.projectFile !== undefined) deployNames.add(names.deployTargetName);
  }
  return { of: ({ name }) => changed.get(name) ?? common, deployNames: [...deployNames].sort() };
}
