import type { EntityGraph } from '../workspace/entity-graph';
import { dependenciesOfProjects } from '../workspace/stack-order';
import type { IndexedProject, WorkspaceIndex } from '../workspace/workspace-index';

/**
 * The files that programs import from outside of their projects. Nx need not see a project there that the program depends
 * on, and `^default` does not hold them: so they are inputs of the project and of all that rest on it.
 */
export class FilesElsewhere {
  readonly #own = new Map<string, readonly string[]>();
  readonly #dependencies: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(index: WorkspaceIndex, graph: EntityGraph) {
    for (const project of index.projects()) {
      const { root } = project.files;
      const files = root === '.' ? [] : index.programOf(project).filter((file) => !file.startsWith(`${root}/`));
      if (files.length > 0) this.#own.set(project.name, files);
    }
    this.#dependencies = this.#own.size === 0 ? new Map() : dependenciesOfProjects(graph);
  }

  /** Sorted. */
  of({ name, files: { root } }: IndexedProject): string[] {
    if (this.#own.size === 0) return [];
    const reached = new Set([name]);
    for (const each of reached) for (const next of this.#dependencies.get(each) ?? []) reached.add(next);
    const found = new Set([...reached].flatMap((each) => this.#own.get(each) ?? []));
    return [...found].filter((file) => root === '.' || !file.startsWith(`${root}/`)).sort();
  }
}
