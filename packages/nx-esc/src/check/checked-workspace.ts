import { readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseEnvironment, type ParsedEnvironment } from 'esc-eval';
import { Failure } from '../failures/failure';
import { shortStackName, type StackName } from '../pulumi/stack-name';
import { buildEntityGraph, type EntityGraph } from '../workspace/entity-graph';
import type { NormalizedOptions } from '../workspace/plugin-options';
import { folderOf, type ProjectFiles } from '../workspace/project-files';
import { StackOrder } from '../workspace/stack-order';
import type { IndexedEnvironment, IndexedProject, WorkspaceIndex } from '../workspace/workspace-index';
import { type DeclaredValue, declaredValues } from './reading/declared-values';
import type { DeployedOutputs } from './reading/deployed-outputs';
import { findFiles } from '../workspace/ignored-files';
import { WORKFLOW_FILE } from '../workspace/facts/facts-reader';
import { SourceFile } from './reading/source-file';
import { StructuredFile } from './reading/structured-file';

export interface CheckedWorkspaceOptions {
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly signal: AbortSignal;
  /** Texts that take the place of those on the disk, by path relative to the workspace: what is staged in git. */
  readonly texts?: ReadonlyMap<string, Buffer>;
  /** Outputs of deployed stacks; the programs alone say what there is without. */
  readonly deployed?: DeployedOutputs;
}

/** A key that an environment has from its imports, and the one that declares it. */
export interface InheritedValue extends DeclaredValue {
  readonly environment: IndexedEnvironment;
}

/** What all rules read of a workspace; each file is read and parsed once. */
export class CheckedWorkspace {
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly signal: AbortSignal;
  readonly deployed: DeployedOutputs | undefined;
  readonly #realRoot: string;
  readonly #texts: ReadonlyMap<string, Buffer>;
  readonly #read = new Map<string, { readonly bytes: Buffer; source?: SourceFile } | undefined>();
  readonly #structured = new Map<string, StructuredFile | undefined>();
  readonly #inherited = new Map<string, ReadonlyMap<string, InheritedValue>>();
  #byFile: ReadonlyMap<string, IndexedEnvironment> | undefined;
  #workflows: readonly string[] | undefined;
  #manifests: readonly string[] | undefined;
  #graph: EntityGraph | undefined;
  #order: StackOrder | undefined;

  constructor({ index, options, signal, texts = new Map(), deployed }: CheckedWorkspaceOptions) {
    this.index = index;
    this.options = options;
    this.signal = signal;
    this.deployed = deployed;
    this.#texts = texts;
    this.#realRoot = realpathSync(index.workspaceRoot);
  }

  get root(): string {
    return this.index.workspaceRoot;
  }

  get graph(): EntityGraph {
    return (this.#graph ??= buildEntityGraph(this.index));
  }

  get order(): StackOrder {
    return (this.#order ??= new StackOrder(this.graph));
  }

  /** The bytes of a file; undefined for one that is not there. */
  bytesOf(file: string): Buffer | undefined {
    return this.#entryOf(file)?.bytes;
  }

  source(file: string): SourceFile | undefined {
    const entry = this.#entryOf(file);
    return entry === undefined ? undefined : (entry.source ??= new SourceFile(file, entry.bytes.toString()));
  }

  #entryOf(file: string): { readonly bytes: Buffer; source?: SourceFile } | undefined {
    if (!this.#read.has(file)) {
      const bytes = this.#texts.get(file) ?? readBytes(this.root, this.#realRoot, file);
      this.#read.set(file, bytes === undefined ? undefined : { bytes });
    }
    return this.#read.get(file);
  }

  /** A file in YAML or JSON. */
  structured(file: string): StructuredFile | undefined {
    if (!this.#structured.has(file)) {
      const source = this.source(file);
      this.#structured.set(file, source === undefined ? undefined : new StructuredFile(source));
    }
    return this.#structured.get(file);
  }

  /** Workflows of CI. */
  workflows(): readonly string[] {
    return (this.#workflows ??= findFiles(this.root, (path) => WORKFLOW_FILE.test(path)).sort());
  }

  /** Every project.json and package.json, ours or not. */
  manifests(): readonly string[] {
    return (this.#manifests ??= findFiles(this.root, (path) => /(?:^|\/)(?:project|package)\.json$/.test(path)).sort());
  }

  /** Files of that kind of projects that have nothing of ours. */
  foreignManifests(): StructuredFile[] {
    const ours = [...this.index.projects()].filter(({ files }) => hasOurFiles(files));
    const roots = new Set(ours.map(({ files }) => files.root));
    return this.manifests().flatMap((file) => (roots.has(folderOf(file)) ? [] : (this.structured(file) ?? [])));
  }

  /** Files with targets that are no project's of ours: those of other projects, and the defaults for all. */
  sharedTargetFiles(): StructuredFile[] {
    const nxJson = this.structured('nx.json');
    return [...this.foreignManifests(), ...(nxJson === undefined ? [] : [nxJson])];
  }

  /** The `.envrc` of the workspace and those of its projects. */
  envrcFiles(): readonly string[] {
    const roots = new Set(['.', ...[...this.index.projects()].map(({ files }) => files.root)]);
    return [...roots].map(envrcOf).filter((file) => this.source(file) !== undefined);
  }

  /** The environment that a file is. */
  environmentAt(file: string): IndexedEnvironment | undefined {
    this.#byFile ??= new Map([...this.index.environments()].map((environment) => [environment.file, environment]));
    return this.#byFile.get(file);
  }

  /** The text of an environment, parsed; the parser remembers what evaluations have parsed. */
  parsed({ name, file }: IndexedEnvironment): ParsedEnvironment {
    return parseEnvironment(name, this.bytesOf(file) ?? '');
  }

  /** Environments that one builds on, in the order in which they are merged; a later one wins. */
  mergedImports(environment: IndexedEnvironment): IndexedEnvironment[] {
    return (this.parsed(environment).declaration?.imports ?? []).flatMap(({ name, merge }) => {
      const imported = merge ? this.index.resolveEnvironment(name, environment.project) : undefined;
      return imported === undefined ? [] : [imported];
    });
  }

  /** What an environment has from its imports, by the path of the key; where several declare it, the one that counts. */
  inheritedBy(environment: IndexedEnvironment): ReadonlyMap<string, InheritedValue> {
    const known = this.#inherited.get(environment.name);
    if (known !== undefined) return known;
    const inherited = new Map<string, InheritedValue>();
    // Set before the imports are looked at, so that a cycle ends here.
    this.#inherited.set(environment.name, inherited);
    for (const imported of this.mergedImports(environment)) {
      for (const [path, value] of this.allOf(imported)) inherited.set(path, value);
    }
    return inherited;
  }

  /** What an environment has, itself and from its imports, by the path of the key. */
  allOf(environment: IndexedEnvironment): ReadonlyMap<string, InheritedValue> {
    const own = declaredValues(this.parsed(environment).declaration);
    return new Map([
      ...this.inheritedBy(environment),
      ...own.map((value) => [pathKey(value.path), { ...value, environment }] as const),
    ]);
  }

  /** Whether the workspace, or a state on this machine, has a stack. */
  hasStack(owner: IndexedProject, stack: string): boolean {
    const { pulumiName } = this.index.pulumiProject(owner);
    return this.index.deployable(owner).includes(stack) || this.deployed?.of(`${pulumiName}/${stack}`) !== undefined;
  }

  /**
   * Names of all outputs that a stack has or will have: those of its state, and those that its program says. Undefined
   * where there may be others.
   */
  outputsOf(name: StackName): readonly string[] | undefined {
    const deployed = this.deployed?.of(shortStackName(name));
    const owner = this.index.ownerOfStack(shortStackName(name));
    const declared = owner === undefined ? undefined : this.index.outputsOf(owner);
    if (deployed === undefined && declared?.isComplete !== true) return undefined;
    return [...new Set([...(deployed ?? []), ...(declared?.names ?? [])])];
  }
}

/** The direnv file of a folder. */
export function envrcOf(root: string): string {
  return root === '.' ? '.envrc' : `${root}/.envrc`;
}

/** Names a key's path in a map. */
export function pathKey(path: readonly string[]): string {
  return path.join('\0');
}

/** Reads a file of the workspace; links may not lead out of it. */
function readBytes(root: string, realRoot: string, file: string): Buffer | undefined {
  const path = join(root, file);
  try {
    const inside = relative(realRoot, realpathSync(path));
    if (inside === '..' || inside.startsWith(`..${sep}`)) throw fileOutside(path);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    return undefined;
  }
}

function fileOutside(file: string): Failure {
  return new Failure({
    class: 'config',
    code: 'file-outside-workspace',
    message: 'the file is outside of the workspace',
    hint: 'keep it in the workspace; links may not lead out of it',
    location: { file },
  });
}

/** A project may be known for what its targets name alone. */
function hasOurFiles({ projectFile, stacks, environments }: ProjectFiles): boolean {
  return projectFile !== undefined || stacks.size > 0 || environments.size > 0;
}
