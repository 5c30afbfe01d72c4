import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EdgeReference, Entity, EntityGraph } from './entity-graph';
import { locateReferences, type LocatedReference } from './facts/locate-references';

/** A line that makes an edge; line and column are 1-based. */
export interface ExplainedReference extends EdgeReference {
  readonly line: number;
  readonly column: number;
}

export interface ExplainedEdge {
  readonly from: string;
  readonly to: string;
  readonly references: readonly ExplainedReference[];
}

/** The graph with the place of every reference that made it; plain data. */
export interface ExplainedGraph {
  readonly entities: readonly Entity[];
  readonly edges: readonly ExplainedEdge[];
}

/** Finds the places of all references. Reads files again: the graph itself is built without places, since that is fast. */
export function explainGraph(
  { entities, edges }: Pick<EntityGraph, 'entities' | 'edges'>,
  workspaceRoot: string,
): ExplainedGraph {
  const locator = new ReferenceLocator(workspaceRoot);
  return {
    entities: [...entities.values()],
    edges: edges.map(({ from, to, references }) => ({
      from,
      to,
      references: references.flatMap((reference) => locator.locate(reference)),
    })),
  };
}

/** Finds references in the files of a workspace, each file read once. */
export class ReferenceLocator {
  readonly #files = new Map<string, readonly LocatedReference[]>();

  constructor(readonly workspaceRoot: string) {}

  /** Every place of a reference; the start of the file for what no line says. */
  locate(reference: EdgeReference): ExplainedReference[] {
    const { file, kind, to } = reference;
    const places = this.#referencesIn(file).filter((found) => found.kind === kind && found.to === to);
    if (places.length === 0) return [{ ...reference, line: 1, column: 1 }];
    return places.map(({ line, column }) => ({ ...reference, line, column }));
  }

  #referencesIn(file: string): readonly LocatedReference[] {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    let references: readonly LocatedReference[] = [];
    try {
      references = locateReferences(file, readFileSync(join(this.workspaceRoot, file), 'utf8'));
    } catch {
      // The file has gone since the graph was built: its references stand at its start.
    }
    this.#files.set(file, references);
    return references;
  }
}
