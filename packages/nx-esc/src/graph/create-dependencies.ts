import { setTimeout as delay } from 'node:timers/promises';
import type {
  CreateDependencies,
  CreateDependenciesContext,
  DependencyType,
  RawProjectGraphDependency,
} from '@nx/devkit';
import { projectsAt } from '../workspace/list-projects';
import type { NxEscPluginOptions } from '../workspace/plugin-options';
import { isConfigFile } from '../workspace/project-files';
import { projectEdges } from '../workspace/stack-order';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import { continueSnapshot } from './snapshot';

const OUTPUT_DELAY_MS = 50;
/** The value of the enumeration, without loading all of @nx/devkit for it. */
const IMPLICIT = 'implicit' as DependencyType.implicit;

/**
 * Finds the edges between stacks and environments. All of them are implicit: Nx caches static edges by the file that
 * they are in, and would keep one after the environment that it leads to has moved.
 */
export const createDependencies: CreateDependencies<NxEscPluginOptions> = async (options, context) => {
  const { workspaceRoot, projects } = context;
  const known = Object.entries(projects).map(([name, { root }]) => ({ name, root }));
  const owned = projectsAt(configFilesOf(context), known);
  const { facts, index, graph } = continueSnapshot(workspaceRoot, options?.organization, owned);
  const edges = projectEdges([...graph.entities.keys()], graph, (id) => graph.edgesFrom(id).map(({ to }) => to));
  facts.save();
  await warnOfBrokenFiles(index);
  return [...edges].flatMap(([source, targets]) =>
    [...targets].sort().map((target): RawProjectGraphDependency => ({ source, target, type: IMPLICIT })),
  );
};

function configFilesOf({ fileMap: { projectFileMap, nonProjectFiles } }: CreateDependenciesContext): string[] {
  return [...Object.values(projectFileMap), nonProjectFiles].flatMap((files) =>
    files.flatMap(({ file }) => (isConfigFile(file) ? [file] : [])),
  );
}

/**
 * A file that cannot be read has no edges; everything else stands. Nx does not wait for the output of a plugin that has
 * answered, so the answer waits a moment for the output.
 */
async function warnOfBrokenFiles(index: WorkspaceIndex): Promise<void> {
  const broken = index.brokenFiles();
  if (broken.length === 0) return;
  for (const { file, line, column, reason } of broken) {
    console.warn(`nx-esc: ${file}:${line}:${column}: ${reason} (the file is left out of the project graph)`);
  }
  await delay(OUTPUT_DELAY_MS);
}
