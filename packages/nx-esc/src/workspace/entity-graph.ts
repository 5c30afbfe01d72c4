import type { ReferenceKind } from './facts/file-facts';
import { resolveImportedTexts } from './facts/imported-text';
import { findNamed } from './named-entity';
import { environmentProjectOf, type IndexedProject, type WorkspaceIndex } from './workspace-index';

/**
 * A stack or an environment of the workspace; something that is not in it; a project, where no more is known; the targets
 * of a project, or a workflow of the CI, that name something.
 */
export interface Entity {
  /**
   * `stack:project/stack` by the name in Pulumi.yaml, `environment:project/environment`, `project:name`, `targets:project`, `workflow:file`,
   * `external:…`
   */
  readonly id: string;
  readonly kind: 'stack' | 'environment' | 'project' | 'targets' | 'workflow' | 'external';
  /** How users name it. */
  readonly name: string;
  /** The Nx project that it belongs to. */
  readonly project?: string;
  /** The file that defines it, relative to the workspace; a stack need not have one yet. */
  readonly file?: string;
  /** Name of the stack or environment within its project. */
  readonly environment?: string;
  /** For a stack that the project has, not one that is only named. */
  readonly isDeployable?: true;
}

/** One line of one file that makes one thing depend on another. */
export interface EdgeReference {
  readonly file: string;
  readonly kind: ReferenceKind | 'same-name';
  /** As written there; what a stack takes for want of `environment:` is not written anywhere. */
  readonly to: string;
}

export interface EntityEdge {
  readonly from: string;
  readonly to: string;
  readonly references: readonly EdgeReference[];
}

/** Stacks and environments, and what they depend on. */
export class EntityGraph {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly edges: readonly EntityEdge[];
  readonly #outgoing = new Map<string, EntityEdge[]>();

  constructor(entities: ReadonlyMap<string, Entity>, edges: readonly EntityEdge[]) {
    this.entities = entities;
    this.edges = edges;
    for (const edge of edges) {
      const known = this.#outgoing.get(edge.from);
      if (known === undefined) this.#outgoing.set(edge.from, [edge]);
      else known.push(edge);
    }
  }

  edgesFrom(id: string): readonly EntityEdge[] {
    return this.#outgoing.get(id) ?? [];
  }

  /** Everything that some entities rest on, themselves included; `follows` may stop at an entity. */
  reachableFrom(ids: Iterable<string>, follows: (entity: Entity) => boolean = () => true): Set<string> {
    const found = new Set(ids);
    for (const id of found) {
      const entity = this.entities.get(id);
      if (entity !== undefined && !follows(entity)) continue;
      for (const { to } of this.edgesFrom(id)) found.add(to);
    }
    return found;
  }
}

/** Resolves every reference in the files of a workspace. */
export function buildEntityGraph(index: WorkspaceIndex): EntityGraph {
  return new EntityGraphBuilder(index).build();
}

class EntityGraphBuilder {
  readonly #entities = new Map<string, Entity>();
  readonly #edges = new Map<string, { from: string; to: string; references: EdgeReference[] }>();

  constructor(readonly index: WorkspaceIndex) {}

  build(): EntityGraph {
    const { index } = this;
    for (const project of index.projects())
      for (const stack of index.deployable(project)) this.#addStack(project, stack);
    for (const { name, file, project } of index.environments()) {
      this.#addEnvironment(name);
      for (const reference of index.referencesIn(file)) {
        this.#connect(`environment:${name}`, project, { file, ...reference });
      }
    }
    for (const project of index.projects()) {
      this.#connectStacks(project);
      for (const file of index.manifestsOf(project)) this.#connectNamed(project, file);
    }
    for (const file of index.workflows) this.#connectNamed(undefined, file);
    const edges = [...this.#edges.values()].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
    return new EntityGraph(new Map([...this.#entities].sort(([a], [b]) => compare(a, b))), edges);
  }

  #addStack(project: IndexedProject, stack: string): string {
    const name = `${this.index.pulumiNameOf(project)}/${stack}`;
    const file = project.files.stacks.get(stack);
    return this.#add({
      id: `stack:${name}`,
      kind: 'stack',
      name,
      project: project.name,
      environment: stack,
      isDeployable: true,
      ...(file !== undefined && { file }),
    });
  }

  #addEnvironment(name: string): void {
    const environment = this.index.environment(name);
    if (environment === undefined) return;
    const { file, project } = environment;
    this.#add({
      id: `environment:${name}`,
      kind: 'environment',
      name,
      project: project.name,
      environment: name.slice(name.indexOf('/') + 1),
      file,
    });
  }

  #add(entity: Entity): string {
    if (!this.#entities.has(entity.id)) this.#entities.set(entity.id, entity);
    return entity.id;
  }

  #connectStacks(project: IndexedProject): void {
    const { index } = this;
    const program = [
      ...(project.files.projectFile === undefined ? [] : [project.files.projectFile]),
      ...index.programOf(project),
    ];
    for (const stack of index.deployable(project)) {
      const from = this.#addStack(project, stack);
      const file = project.files.stacks.get(stack);
      const facts = file === undefined ? undefined : index.facts.factsOf(file);
      if (file !== undefined) {
        for (const reference of facts?.references ?? []) this.#connect(from, project, { file, ...reference });
      }
      const own = `${environmentProjectOf(project.name)}/${stack}`;
      if (facts?.namesEnvironment !== true && index.environment(own) !== undefined) {
        this.#connect(from, project, {
          file: file ?? project.files.projectFile ?? project.files.root,
          kind: 'same-name',
          to: own,
        });
      }
      for (const part of program) {
        for (const { kind, to } of index.referencesIn(part)) {
          const named = resolveImportedTexts(to, part, index.facts).replaceAll('${stack}', stack);
          if (isProjectKnown(named)) this.#connect(from, project, { file: part, kind, to }, named);
        }
      }
    }
  }

  /** What the targets of a project, or a workflow, name. Only what is in this workspace makes an edge. */
  #connectNamed(project: IndexedProject | undefined, file: string): void {
    for (const reference of this.index.referencesIn(file)) {
      const named = findNamed(reference, project, this.index);
      if (named === undefined) continue;
      const to =
        'stack' in named ? this.#addStack(named.project, named.stack) : `environment:${named.environment.name}`;
      const from =
        project === undefined
          ? this.#add({ id: `workflow:${file}`, kind: 'workflow', name: file, file })
          : this.#add({ id: `targets:${project.name}`, kind: 'targets', name: project.name, project: project.name });
      this.#addEdge(from, to, { file, ...reference });
    }
  }

  #addProject({ name }: IndexedProject): string {
    return this.#add({ id: `project:${name}`, kind: 'project', name, project: name });
  }

  #connect(from: string, project: IndexedProject, reference: EdgeReference, named = reference.to): void {
    const isStack = reference.kind === 'opened-stack' || reference.kind === 'stack-reference';
    this.#addEdge(from, isStack ? this.#stackNamed(named) : this.#environmentNamed(named, project), reference);
  }

  #addEdge(from: string, to: string, reference: EdgeReference): void {
    if (to === from) return;
    const id = `${from} ${to}`;
    const edge = this.#edges.get(id) ?? { from, to, references: [] };
    this.#edges.set(id, edge);
    const isKnown = edge.references.some(
      ({ file, kind, to: written }) => file === reference.file && kind === reference.kind && written === reference.to,
    );
    if (!isKnown) edge.references.push(reference);
  }

  #environmentNamed(written: string, importer: IndexedProject): string {
    const environment = this.index.resolveEnvironment(written, importer);
    if (environment !== undefined) return `environment:${environment.name}`;
    return this.#add({ id: `external:environment ${written}`, kind: 'external', name: written });
  }

  #stackNamed(written: string): string {
    const owner = this.index.ownerOfStack(written);
    const stack = written.slice(written.lastIndexOf('/') + 1);
    if (owner === undefined) {
      return this.#add({ id: `external:stack ${written}`, kind: 'external', name: written });
    }
    if (stack.includes('${')) return this.#addProject(owner);
    const name = `${this.index.pulumiNameOf(owner)}/${stack}`;
    return this.#add({
      id: `stack:${name}`,
      kind: 'stack',
      name,
      project: owner.name,
      environment: stack,
    });
  }
}

/** A stack whose project only a run knows could be any. */
function isProjectKnown(stack: string): boolean {
  const project = stack.split('/').at(-2);
  return project !== undefined && !project.includes('${');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
