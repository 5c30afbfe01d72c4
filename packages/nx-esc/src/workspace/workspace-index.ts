import { join } from 'node:path';
import { parseEnvironmentName } from '../backends/local/environment-name';
import type { EnvironmentIndex } from '../backends/local/environment-index';
import type { PulumiProject } from '../providers/pulumi-stacks/stack-outputs';
import type { BrokenFile, FileFacts, Reference } from './facts/file-facts';
import { entryFactsOf, type FileLookup, programFilesOf } from './facts/program-files';
import { deployableEnvironments, folderOf, MANIFESTS, type ProjectFiles } from './project-files';

export interface IndexedProject {
  /** Name of the Nx project. */
  readonly name: string;
  readonly files: ProjectFiles;
}

/** An environment of the workspace: one file of one project. */
export interface IndexedEnvironment {
  /** `project/environment` */
  readonly name: string;
  /** Path relative to the workspace. */
  readonly file: string;
  readonly project: IndexedProject;
}

/** Which project owns which environments and stacks. Files are read when they are asked for. */
export class WorkspaceIndex implements EnvironmentIndex {
  readonly #projects = new Map<string, IndexedProject>();
  readonly #environments = new Map<string, IndexedEnvironment>();
  #byPulumiName: ReadonlyMap<string, IndexedProject> | undefined;
  // What the graph asks for again and again.
  readonly #programs = new Map<string, readonly string[]>();
  readonly #manifests = new Map<string, readonly string[]>();
  readonly #deployable = new Map<IndexedProject, readonly string[]>();

  constructor(
    readonly workspaceRoot: string,
    projects: Iterable<IndexedProject>,
    readonly facts: FileLookup,
    readonly organization?: string,
    /** Files that say what the CI runs. */
    readonly workflows: readonly string[] = [],
  ) {
    for (const project of projects) {
      this.#projects.set(project.name, project);
      for (const [environment, file] of project.files.environments) {
        const name = `${environmentProjectOf(project.name)}/${environment}`;
        if (!this.#environments.has(name)) this.#environments.set(name, { name, file, project });
      }
    }
  }

  project(name: string): IndexedProject | undefined {
    return this.#projects.get(name);
  }

  projects(): Iterable<IndexedProject> {
    return this.#projects.values();
  }

  environment(name: string): IndexedEnvironment | undefined {
    return this.#environments.get(name);
  }

  environments(): Iterable<IndexedEnvironment> {
    return this.#environments.values();
  }

  fileOf(name: string): string | undefined {
    const file = this.#environments.get(name)?.file;
    return file === undefined ? undefined : join(this.workspaceRoot, file);
  }

  names(): readonly string[] {
    return [...this.#environments.keys()].sort();
  }

  /**
   * The environment that a name in a file of `importer` means. An unqualified one is `default/<name>`, else a sibling; one
   * of another organization is not in this workspace.
   */
  resolveEnvironment(written: string, importer: IndexedProject | undefined): IndexedEnvironment | undefined {
    const parsed = parseEnvironmentName(written);
    if (parsed === undefined || this.#isForeign(parsed.organization)) return undefined;
    const { project, environment } = parsed;
    if (project !== undefined) return this.#environments.get(`${project}/${environment}`);
    const sibling = importer === undefined ? undefined : `${environmentProjectOf(importer.name)}/${environment}`;
    return this.#environments.get(`default/${environment}`) ?? this.#environments.get(sibling ?? '');
  }

  /** The project of a stack named `[organization/]project/stack`. */
  ownerOfStack(reference: string): IndexedProject | undefined {
    const [, project, organization] = reference.split('/').reverse();
    if (project === undefined || this.#isForeign(organization)) return undefined;
    return this.#pulumiProjects().get(project);
  }

  /** State that is no Pulumi Cloud's calls its organization `organization`; one that only the run knows is ours. */
  #isForeign(organization: string | undefined): boolean {
    if (organization === undefined || this.organization === undefined) return false;
    return ![this.organization, 'organization', '${?}'].includes(organization);
  }

  findPulumiProject(pulumiName: string): PulumiProject | undefined {
    const project = this.#pulumiProjects().get(pulumiName);
    return project === undefined ? undefined : this.pulumiProject(project);
  }

  /** Folder, name and backend of a project's Pulumi.yaml. */
  pulumiProject(indexed: IndexedProject): PulumiProject & { readonly pulumiName: string } {
    const { files } = indexed;
    const { project = {} } = files.projectFile === undefined ? {} : this.facts.factsOf(files.projectFile);
    return {
      folder: join(this.workspaceRoot, files.projectFile === undefined ? files.root : folderOf(files.projectFile)),
      pulumiName: this.pulumiNameOf(indexed),
      ...(project.backendUrl !== undefined && { backendUrl: project.backendUrl }),
    };
  }

  #pulumiProjects(): ReadonlyMap<string, IndexedProject> {
    if (this.#byPulumiName === undefined) {
      const deployable = [...this.#projects.values()].filter(({ files }) => files.projectFile !== undefined);
      this.#byPulumiName = new Map(deployable.map((project) => [this.pulumiNameOf(project), project]));
    }
    return this.#byPulumiName;
  }

  /** What a project is called in the names of its stacks. */
  pulumiNameOf({ name, files: { projectFile } }: IndexedProject): string {
    const declared = projectFile === undefined ? undefined : this.facts.factsOf(projectFile).project?.name;
    return declared ?? environmentProjectOf(name);
  }

  /** The files of a project's Pulumi program, the entry point first. */
  programOf({ files: { projectFile } }: IndexedProject): readonly string[] {
    if (projectFile === undefined) return [];
    return remember(this.#programs, projectFile, () => programFilesOf(projectFile, this.facts));
  }

  /** The outputs that a project's Pulumi program says it has. */
  outputsOf({ files: { projectFile } }: IndexedProject): FileFacts['outputs'] {
    return projectFile === undefined ? undefined : entryFactsOf(projectFile, this.facts)?.outputs;
  }

  /** The package.json and project.json of a project. */
  manifestsOf({ files: { root } }: IndexedProject): readonly string[] {
    return remember(this.#manifests, root, () =>
      MANIFESTS.map((name) => (root === '.' ? name : `${root}/${name}`)).filter((file) => this.facts.has(file)),
    );
  }

  /** References in one file. */
  referencesIn(file: string): readonly Reference[] {
    return this.facts.factsOf(file).references;
  }

  /** The environments with which a project can be deployed. */
  deployable(project: IndexedProject): readonly string[] {
    return remember(this.#deployable, project, () => this.#findDeployable(project));
  }

  #findDeployable(project: IndexedProject): string[] {
    if (project.files.projectFile === undefined || project.files.stacks.size > 0) {
      return deployableEnvironments(project.files, new Set());
    }
    const own = environmentProjectOf(project.name);
    const imported = new Set<string>();
    for (const file of project.files.environments.values()) {
      for (const { kind, to } of this.referencesIn(file)) {
        if (kind === 'opened-stack') continue;
        const [environment, owner] = to.split('/').reverse();
        if (environment !== undefined && (owner === undefined || owner === own)) imported.add(environment);
      }
    }
    return deployableEnvironments(project.files, imported);
  }

  /** Files of ours that cannot be read, sorted. */
  brokenFiles(): BrokenFile[] {
    const files = [...this.#projects.values()].flatMap(({ files: { projectFile, stacks, environments } }) => [
      ...(projectFile === undefined ? [] : [projectFile]),
      ...stacks.values(),
      ...environments.values(),
    ]);
    return files
      .flatMap((file) => {
        const { broken } = this.facts.factsOf(file);
        return broken === undefined ? [] : [{ file, ...broken }];
      })
      .sort((a, b) => (a.file < b.file ? -1 : 1));
  }
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, find: () => Value): Value {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}

/** The ESC project of an Nx project: its name without a scope, which ESC's names cannot have. */
export function environmentProjectOf(projectName: string): string {
  return projectName.slice(projectName.lastIndexOf('/') + 1);
}
