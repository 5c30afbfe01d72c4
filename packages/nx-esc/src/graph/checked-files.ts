import type { EntityGraph } from '../workspace/entity-graph';
import { environmentProjectOf, type IndexedProject, type WorkspaceIndex } from '../workspace/workspace-index';

/** Files of a project beside its environments and stacks that a check of it reads, where they are. */
const BESIDE = ['project.json', 'package.json', '.envrc'];

/**
 * The files that a check of a project reads, sorted: those of its environments and stacks, its targets and its .envrc,
 * those of all environments that they rest on, and of the stacks whose outputs these read the programs, and what says
 * that there are such stacks.
 */
export function checkedFiles(project: IndexedProject, index: WorkspaceIndex, graph: EntityGraph): string[] {
  const { root, projectFile, stacks, environments } = project.files;
  const files = new Set([
    ...(projectFile === undefined ? [] : [projectFile]),
    ...stacks.values(),
    ...environments.values(),
    ...BESIDE.map((name) => (root === '.' ? name : `${root}/${name}`)).filter((file) => index.facts.has(file)),
  ]);
  const own = environmentProjectOf(project.name);
  const roots = [...environments.keys()].map((environment) => `environment:${own}/${environment}`);
  const pulumiName = index.pulumiNameOf(project);
  const deployable = projectFile === undefined ? [] : index.deployable(project);
  const stackIds = deployable.map((stack) => `stack:${pulumiName}/${stack}`);
  // What a stack that is read itself reads does not show in the names of its outputs.
  const starts = new Set([...roots, ...stackIds]);
  const reached = graph.reachableFrom(starts, ({ id, kind }) => kind === 'environment' || starts.has(id));
  // A stack or an environment of the wrong name is one where there is one of the right name.
  const addCounterparts = (named: ReadonlyMap<string, string> = new Map()): void => {
    for (const name of deployable) {
      const file = named.get(name);
      if (file !== undefined) files.add(file);
    }
  };
  for (const id of reached) {
    const entity = graph.entities.get(id);
    if (entity?.kind === 'environment' && entity.file !== undefined) {
      files.add(entity.file);
      addCounterparts(index.project(entity.project ?? '')?.files.environments);
    }
    const owner = entity?.kind === 'stack' ? index.project(entity.project ?? '') : undefined;
    if (owner?.files.projectFile === undefined) continue;
    files.add(owner.files.projectFile);
    for (const file of index.programOf(owner)) files.add(file);
    // A stack is there by its own file; where no stack has one, by the environments.
    if (entity?.file !== undefined) files.add(entity.file);
    addCounterparts(owner.files.stacks);
    if (owner.files.stacks.size === 0) for (const file of owner.files.environments.values()) files.add(file);
  }
  return [...files].sort();
}
