import { setTimeout as delay } from 'node:timers/promises';
import type {
  CreateDependencies,
  CreateDependenciesContext,
  DependencyType,
  RawProjectGraphDependency,
} from '@nx/devkit';
import type { NxEscPluginOptions } from '../workspace/plugin-options';
import { groupProjectFiles } from '../workspace/project-files';
import { type IndexedProject, WorkspaceIndex } from '../workspace/workspace-index';

const OUTPUT_DELAY_MS = 50;
/** The value of the enumeration, without loading all of @nx/devkit for it. */
const IMPLICIT = 'implicit' as DependencyType.implicit;

/**
 * Finds the edges between stacks and environments. All of them are implicit: Nx caches static edges by the file that
 * they are in, and would keep one after the environment that it leads to has moved.
 */
export const createDependencies: CreateDependencies<NxEscPluginOptions> = async (_options, context) => {
  const index = new WorkspaceIndex(context.workspaceRoot, projectsOf(context));
  const edges = new Map<string, RawProjectGraphDependency>();
  for (const project of index.projects()) {
    for (const target of dependenciesOf(project, index)) {
      if (target === project.name || context.projects[target] === undefined) continue;
      edges.set(`${project.name} ${target}`, { source: project.name, target, type: IMPLICIT });
    }
  }
  await warnOfBrokenFiles(index);
  return [...edges.values()];
};

function projectsOf({ projects, fileMap }: CreateDependenciesContext): IndexedProject[] {
  return Object.entries(projects).flatMap(([name, { root }]) => {
    const files = (fileMap.projectFileMap[name] ?? []).map(({ file }) => file);
    const group = groupProjectFiles(files).get(root === '' ? '.' : root);
    return group === undefined ? [] : [{ name, files: group }];
  });
}

function dependenciesOf(project: IndexedProject, index: WorkspaceIndex): string[] {
  const { environments, stacks } = index.references(project);
  const owners = [
    ...environments.map((written) => index.ownerOfEnvironment(written, project)),
    ...stacks.map((reference) => index.ownerOfStack(reference)),
  ];
  return owners.flatMap((owner) => (owner === undefined ? [] : [owner.name])).sort();
}

/**
 * A file that cannot be read has no edges; everything else stands. Nx does not wait for the output of a plugin that has
 * answered, so the answer waits a moment for the output.
 */
async function warnOfBrokenFiles(index: WorkspaceIndex): Promise<void> {
  if (index.broken.size === 0) return;
  for (const { file, line, column, reason } of index.broken.values()) {
    console.warn(`nx-esc: ${file}:${line}:${column}: ${reason} (the file is left out of the project graph)`);
  }
  await delay(OUTPUT_DELAY_MS);
}
