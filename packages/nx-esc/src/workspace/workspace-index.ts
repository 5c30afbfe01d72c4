import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentIndex } from '../backends/local/environment-index';
import type { PulumiProject } from '../providers/pulumi-stacks/stack-outputs';
import { deployableEnvironments, type ProjectFiles } from './project-files';
import {
  BrokenYamlError,
  type BrokenFile,
  environmentReferences,
  isRecord,
  readYaml,
  type References,
  stackReferences,
} from './read-references';

export interface IndexedProject {
  /** Name of the Nx project. */
  readonly name: string;
  readonly files: ProjectFiles;
}

/** Which project owns which environments and stacks, and what their files name. Files are read when they are asked for. */
export class WorkspaceIndex implements EnvironmentIndex {
  readonly broken = new Map<string, BrokenFile>();
  readonly #projects = new Map<string, IndexedProject>();
  readonly #environments = new Map<string, { readonly file: string; readonly project: IndexedProject }>();
  readonly #documents = new Map<string, unknown>();
  #byPulumiName: ReadonlyMap<string, IndexedProject> | undefined;

  constructor(
    readonly workspaceRoot: string,
    projects: Iterable<IndexedProject>,
  ) {
    for (const project of projects) {
      this.#projects.set(project.name, project);
      for (const [environment, file] of project.files.environments) {
        this.#environments.set(`${environmentProjectOf(project.name)}/${environment}`, { file, project });
      }
    }
  }

  project(name: string): IndexedProject | undefined {
    return this.#projects.get(name);
  }

  projects(): Iterable<IndexedProject> {
    return this.#projects.values();
  }

  fileOf(name: string): string | undefined {
    const file = this.#environments.get(name)?.file;
    return file === undefined ? undefined : join(this.workspaceRoot, file);
  }

  names(): readonly string[] {
    return [...this.#environments.keys()].sort();
  }

  /** The project that owns an environment, by a name as written in a file of `importer`. */
  ownerOfEnvironment(written: string, importer: IndexedProject): IndexedProject | undefined {
    const parts = (written.split(/[@:]/)[0] as string).split('/');
    const environment = parts.at(-1) as string;
    const project = parts.at(-2);
    if (project !== undefined) return this.#environments.get(`${project}/${environment}`)?.project;
    const sibling = `${environmentProjectOf(importer.name)}/${environment}`;
    return (this.#environments.get(`default/${environment}`) ?? this.#environments.get(sibling))?.project;
  }

  /** The project whose Pulumi.yaml has a name. */
  ownerOfStack(reference: string): IndexedProject | undefined {
    const pulumiName = reference.split('/').at(-2);
    return pulumiName === undefined ? undefined : this.#pulumiProjects().get(pulumiName);
  }

  findPulumiProject(pulumiName: string): PulumiProject | undefined {
    const project = this.#pulumiProjects().get(pulumiName);
    return project === undefined ? undefined : this.pulumiProject(project);
  }

  /** Folder, name and backend of a project's Pulumi.yaml. */
  pulumiProject({ name, files }: IndexedProject): PulumiProject & { readonly pulumiName: string } {
    const document = files.projectFile === undefined ? undefined : this.#read(files.projectFile);
    const fields = isRecord(document) ? document : {};
    const backend = isRecord(fields.backend) ? fields.backend.url : undefined;
    return {
      folder: join(this.workspaceRoot, files.root),
      pulumiName: typeof fields.name === 'string' ? fields.name : environmentProjectOf(name),
      ...(typeof backend === 'string' && { backendUrl: backend }),
    };
  }

  #pulumiProjects(): ReadonlyMap<string, IndexedProject> {
    if (this.#byPulumiName === undefined) {
      const deployable = [...this.#projects.values()].filter(({ files }) => files.projectFile !== undefined);
      this.#byPulumiName = new Map(deployable.map((project) => [this.pulumiProject(project).pulumiName, project]));
    }
    return this.#byPulumiName;
  }

  /** Everything that the files of a project name. */
  references({ files }: IndexedProject): References {
    const found = [
      ...[...files.stacks.values()].map((file) => stackReferences(this.#read(file))),
      ...[...files.environments.values()].map((file) => environmentReferences(this.#read(file))),
    ];
    return {
      environments: found.flatMap(({ environments }) => environments),
      stacks: found.flatMap(({ stacks }) => stacks),
    };
  }

  /** The environments with which a project can be deployed. */
  deployable(project: IndexedProject): string[] {
    const own = environmentProjectOf(project.name);
    const imported = new Set<string>();
    for (const file of project.files.environments.values()) {
      const { environments } = environmentReferences(this.#read(file));
      for (const written of environments) {
        const [environment, owner] = written.split('/').reverse();
        if (environment !== undefined && (owner === undefined || owner === own)) imported.add(environment);
      }
    }
    return deployableEnvironments(project.files, imported);
  }

  #read(file: string): unknown {
    if (this.#documents.has(file)) return this.#documents.get(file);
    let document: unknown;
    try {
      document = readYaml(readFileSync(join(this.workspaceRoot, file), 'utf8'), file);
    } catch (error) {
      if (error instanceof BrokenYamlError) this.broken.set(file, error.broken);
      else this.broken.set(file, { file, line: 1, column: 1, reason: (error as Error).message });
    }
    this.#documents.set(file, document);
    return document;
  }
}

/** The ESC project of an Nx project: its name without a scope, which ESC's names cannot have. */
export function environmentProjectOf(projectName: string): string {
  return projectName.split('/').at(-1) as string;
}
