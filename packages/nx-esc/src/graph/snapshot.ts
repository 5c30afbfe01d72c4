import { buildEntityGraph, type EntityGraph } from '../workspace/entity-graph';
import { cacheFolderOf } from '../workspace/facts/cache-files';
import { DiskFacts } from '../workspace/facts/disk-facts';
import type { IndexedProject } from '../workspace/workspace-index';
import { WorkspaceIndex } from '../workspace/workspace-index';

/** A workspace as it is at one moment: what its files say, and the graph of that. */
export interface Snapshot {
  readonly facts: DiskFacts;
  readonly index: WorkspaceIndex;
  readonly graph: EntityGraph;
}

const taken = new Map<string, Snapshot>();

/** Reads the workspace for inferring projects; what is read is kept for the edges, which Nx asks for next. */
export function takeSnapshot(
  workspaceRoot: string,
  organization: string | undefined,
  findProjects: (facts: DiskFacts) => readonly IndexedProject[],
): Snapshot {
  const facts = new DiskFacts(workspaceRoot, cacheFolderOf(workspaceRoot));
  const snapshot = createSnapshot(workspaceRoot, organization, findProjects(facts), facts);
  taken.set(workspaceRoot, snapshot);
  return snapshot;
}

/** Forgets a snapshot whose edges nobody has asked for. */
export function dropSnapshot(workspaceRoot: string): void {
  taken.delete(workspaceRoot);
}

/** The snapshot that the projects were inferred from, once, if Nx knows the same projects; else one with those. */
export function continueSnapshot(
  workspaceRoot: string,
  organization: string | undefined,
  projects: readonly IndexedProject[],
): Snapshot {
  const last = taken.get(workspaceRoot);
  taken.delete(workspaceRoot);
  if (last !== undefined && last.index.organization === organization && isSame([...last.index.projects()], projects))
    return last;
  const facts = last?.facts ?? new DiskFacts(workspaceRoot, cacheFolderOf(workspaceRoot));
  return createSnapshot(workspaceRoot, organization, projects, facts);
}

function createSnapshot(
  workspaceRoot: string,
  organization: string | undefined,
  projects: readonly IndexedProject[],
  facts: DiskFacts,
): Snapshot {
  const index = new WorkspaceIndex(workspaceRoot, projects, facts, organization);
  return { facts, index, graph: buildEntityGraph(index) };
}

/** Both lists are in the order of the roots. */
function isSame(a: readonly IndexedProject[], b: readonly IndexedProject[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, files }, position) => {
      const other = b[position];
      return (
        other?.name === name &&
        other.files.root === files.root &&
        other.files.projectFile === files.projectFile &&
        isSameMap(other.files.stacks, files.stacks) &&
        isSameMap(other.files.environments, files.environments)
      );
    })
  );
}

function isSameMap(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
