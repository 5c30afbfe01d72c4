import { setTimeout as delay } from 'node:timers/promises';
import type {
  CreateDependencies,
  CreateDependenciesContext,
  DependencyType,
  RawProjectGraphDependency,
} from '@nx/devkit';
import type { EntityGraph } from '../workspace/entity-graph';
import type { BrokenFile, Reference } from '../workspace/facts/file-facts';
import { targetReferences } from '../workspace/facts/named-references';
import { projectsAt } from '../workspace/list-projects';
import { findNamed } from '../workspace/named-entity';
import type { NxEscPluginOptions } from '../workspace/plugin-options';
import { isConfigFile } from '../workspace/project-files';
import { remoteReferencesOf } from '../workspace/remote-references';
import { dependenciesOfProjects } from '../workspace/stack-order';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import { externalNodeName, isExternalNodeName } from './external-nodes';
import { continueAnswer, keepAnswer, keyOfQuestion, type ProjectEdges } from './kept-answer';
import { continueSnapshot } from './snapshot';

type ExternalNodes = NonNullable<CreateDependenciesContext['externalNodes']>;

const OUTPUT_DELAY_MS = 50;
/** The value of the enumeration, without loading all of @nx/devkit for it. */
const IMPLICIT = 'implicit' as DependencyType.implicit;

/**
 * Finds the edges between stacks and environments. All of them are implicit: Nx caches static edges by the file that
 * they are in, and would keep one after the environment that it leads to has moved.
 */
export const createDependencies: CreateDependencies<NxEscPluginOptions> = async (options, context) => {
  const { workspaceRoot, projects, externalNodes = {} } = context;
  const known = Object.entries(projects).map(([name, { root }]) => ({ name, root }));
  const owned = projectsAt(configFilesOf(context), known);
  const named = Object.entries(projects).flatMap(([name, { targets = {} }]) => {
    const references = targetReferences(targets);
    return references.length > 0 ? [[name, references] as const] : [];
  });
  const question = keyOfQuestion(owned, options ?? {}, named, Object.keys(externalNodes).filter(isExternalNodeName));
  const answer = continueAnswer(workspaceRoot);
  if (answer?.edges !== undefined && answer.question === question) return asDependencies(answer.edges);

  const { facts, index, graph } = continueSnapshot(workspaceRoot, options?.organization, owned);
  const edges = edgesOf(index, graph, named, externalNodes);
  facts.save();
  const broken = index.brokenFiles();
  const stamps = broken.length === 0 ? facts.stamps() : undefined;
  if (answer !== undefined && stamps !== undefined) {
    const { keptAs } = facts;
    keepAnswer(workspaceRoot, {
      ...answer,
      stamps: { ...answer.stamps, ...stamps },
      ...(keptAs !== undefined && { facts: keptAs }),
      question,
      edges,
    });
  }
  await warnOf(broken);
  return asDependencies(edges);
};

/** What the targets of projects name. */
type NamedReferences = readonly (readonly [project: string, references: readonly Reference[]])[];

function edgesOf(
  index: WorkspaceIndex,
  graph: EntityGraph,
  named: NamedReferences,
  externalNodes: ExternalNodes,
): ProjectEdges {
  const edges = dependenciesOfProjects(graph);
  const chosen = named.map(([name, references]) => {
    const found = namedBy(name, references, index);
    return [name, found.filter((target) => !reaches(edges, target, name))] as const;
  });
  for (const [source, targets] of chosen) addAll(edges, source, targets);
  for (const [source, targets] of remote(graph, externalNodes)) addAll(edges, source, targets);
  return [...edges].map(([source, targets]) => [source, [...targets].sort()]);
}

function asDependencies(edges: ProjectEdges): RawProjectGraphDependency[] {
  return edges.flatMap(([source, targets]) => targets.map((target) => ({ source, target, type: IMPLICIT })));
}

function addAll(edges: Map<string, Set<string>>, source: string, targets: readonly string[]): void {
  if (targets.length === 0) return;
  const known = edges.get(source) ?? new Set();
  edges.set(source, known);
  for (const target of targets) if (target !== source) known.add(target);
}

/** The projects whose stacks or environments the targets of a project name, wherever these are declared. */
function namedBy(name: string, references: readonly Reference[], index: WorkspaceIndex): string[] {
  const own = index.project(name);
  return references.flatMap((reference) => {
    const named = findNamed(reference, own, index);
    return named === undefined ? [] : [named.project.name];
  });
}

/** A command must not close a cycle of projects, which would keep Nx from running the other targets of these. */
function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const found = new Set([from]);
  for (const name of found) for (const next of edges.get(name) ?? []) found.add(next);
  return found.has(to);
}

/** Nodes for what is outside of the workspace, as far as Nx has taken them. */
function remote(graph: EntityGraph, externalNodes: ExternalNodes): (readonly [string, string[]])[] {
  return [...remoteReferencesOf(graph)].map(([project, references]) => [
    project,
    references.map(externalNodeName).filter((node) => externalNodes[node] !== undefined),
  ]);
}

function configFilesOf({ fileMap: { projectFileMap, nonProjectFiles } }: CreateDependenciesContext): string[] {
  return [...Object.values(projectFileMap), nonProjectFiles].flatMap((files) =>
    files.flatMap(({ file }) => (isConfigFile(file) ? [file] : [])),
  );
}

/**
 * A file that cannot be read has no edges; everything else stands. Nx does not wait for the output of a plugin that has
 * answered, so the answer waits a moment for the output.
 */
async function warnOf(broken: readonly BrokenFile[]): Promise<void> {
  if (broken.length === 0) return;
  for (const { file, line, column, reason } of broken) {
    console.warn(`nx-esc: ${file}:${line}:${column}: ${reason} (the file is left out of the project graph)`);
  }
  await delay(OUTPUT_DELAY_MS);
}
