import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildEntityGraph, type EntityGraph } from '../workspace/entity-graph';
import type { DiskFacts } from '../workspace/facts/disk-facts';
import { readFacts } from '../workspace/facts/facts-reader';
import { type FileFacts, NO_FACTS } from '../workspace/facts/file-facts';
import type { FileLookup } from '../workspace/facts/program-files';
import { findProjects } from '../workspace/list-projects';
import { isConfigFile } from '../workspace/project-files';
import { StackOrder } from '../workspace/stack-order';
import { WorkspaceIndex } from '../workspace/workspace-index';

/** The files of a workspace at some revision: those on disk, but for the ones that differ. */
export class RevisionFiles implements FileLookup {
  readonly #facts = new Map<string, FileFacts>();

  /** `differing` maps a path to its content, or to null where the revision has no such file. */
  constructor(
    readonly workspaceRoot: string,
    readonly disk: DiskFacts,
    readonly differing: ReadonlyMap<string, Buffer | null>,
  ) {}

  has(file: string): boolean {
    const content = this.differing.get(file);
    return content === undefined ? this.disk.has(file) : content !== null;
  }

  /** @throws if there is no such file */
  read(file: string): Buffer {
    const content = this.differing.get(file);
    if (content === null) throw new Error(`there is no file ${file} at this revision`);
    return content ?? readFileSync(join(this.workspaceRoot, file));
  }

  factsOf(file: string): FileFacts {
    const content = this.differing.get(file);
    if (content === undefined) return this.disk.factsOf(file);
    if (content === null) return NO_FACTS;
    const known = this.#facts.get(file) ?? readFacts(file, content.toString());
    this.#facts.set(file, known);
    return known;
  }

  /** Those of some files on disk that the revision has, and those that it alone has. */
  configFiles(onDisk: readonly string[]): string[] {
    const files = new Set(onDisk.filter((file) => this.differing.get(file) !== null));
    for (const [file, content] of this.differing) if (content !== null && isConfigFile(file)) files.add(file);
    return [...files];
  }

  save(): void {
    this.disk.save();
  }
}

/** A workspace at some revision. */
export interface Revision {
  readonly files: RevisionFiles;
  readonly index: WorkspaceIndex;
  readonly graph: EntityGraph;
  readonly order: StackOrder;
}

export function indexRevision(files: RevisionFiles, onDisk: readonly string[], organization?: string): Revision {
  const projects = findProjects(files.workspaceRoot, files.configFiles(onDisk), files);
  const index = new WorkspaceIndex(files.workspaceRoot, projects, files, organization);
  const graph = buildEntityGraph(index);
  return { files, index, graph, order: new StackOrder(graph) };
}
