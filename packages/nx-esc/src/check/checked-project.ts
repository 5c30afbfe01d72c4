import { join } from 'node:path';
import { parseEnvironment, type ParsedEnvironment } from 'esc-eval';
import type { EnvironmentSource, Inspection, OpenedStack } from '../backends/backend';
import { parseEnvironmentName } from '../backends/local/environment-name';
import { LocalBackend } from '../backends/local/local-backend';
import { createStackPreview } from '../providers/pulumi-stacks/provider';
import { environmentProjectOf, type IndexedEnvironment, type IndexedProject } from '../workspace/workspace-index';
import type { CheckedWorkspace } from './checked-workspace';
import { loadCheckedProvider, refuseToOpen } from './reading/checked-providers';
import type { SourceFile } from './reading/source-file';
import { readStackDocument, type StackDocument } from './reading/stack-document';
import { isMapping, type StructuredFile } from './reading/structured-file';

/** A text in the language. */
export interface CheckedDocument {
  /** Name of the environment, or of the stack, within the project. */
  readonly environment: string;
  readonly source: SourceFile;
  readonly parsed: ParsedEnvironment;
}

/** An environment of the project. */
export interface CheckedEnvironment extends CheckedDocument, IndexedEnvironment {}

/** `Pulumi.<stack>.yaml` */
export class CheckedStackFile {
  #document: (StackDocument & { readonly parsed: ParsedEnvironment }) | undefined;

  constructor(
    readonly stack: string,
    readonly file: StructuredFile,
    /** Whether it has `environment:`. */
    readonly namesEnvironment: boolean,
  ) {}

  /** Whether it holds an environment of its own, and does not only name others. */
  get hasValues(): boolean {
    return isMapping(this.file.at(['environment']));
  }

  /** The only environment that it names, where that is all. */
  get only(): string | undefined {
    const names = this.file.at(['environment']);
    const [only, ...others] = Array.isArray(names) ? (names as unknown[]) : [];
    return typeof only === 'string' && others.length === 0 ? only : undefined;
  }

  /** What stands under `environment:`, as a text of the language. */
  get document(): (StackDocument & { readonly parsed: ParsedEnvironment }) | undefined {
    if (!this.namesEnvironment) return undefined;
    const { file, text } = this.file.source;
    const document = this.#document ?? readStackDocument(text);
    if (document === undefined) return undefined;
    return (this.#document ??= { ...document, parsed: parseEnvironment(file, document.text) });
  }
}

/** An environment, or the document in a stack's file, that was evaluated without opening anything. */
export interface Evaluation {
  readonly inspection: Inspection;
  /** Stacks whose outputs were previewed. */
  readonly stacks: readonly OpenedStack[];
}

const ANONYMOUS = '<yaml>';

/** What rules read of one project; its environments are evaluated once. */
export class CheckedProject {
  readonly files: IndexedProject['files'];
  readonly environments: readonly CheckedEnvironment[];
  readonly stackFiles: readonly CheckedStackFile[];
  readonly #evaluations = new Map<string, Promise<Evaluation>>();
  #states: Promise<void> | undefined;

  constructor(
    readonly workspace: CheckedWorkspace,
    readonly project: IndexedProject,
  ) {
    this.files = project.files;
    const { index } = workspace;
    const owner = environmentProjectOf(project.name);
    this.environments = [...project.files.environments].sort().flatMap(([environment, file]): CheckedEnvironment[] => {
      const indexed = index.environment(`${owner}/${environment}`);
      const source = workspace.source(file);
      // Of two projects whose environments have one name, the first has them.
      if (indexed?.file !== file || source === undefined || parseEnvironmentName(indexed.name) === undefined) return [];
      return [{ ...indexed, environment, source, parsed: workspace.parsed(indexed) }];
    });
    this.stackFiles = [...project.files.stacks].sort().flatMap(([stack, file]): CheckedStackFile[] => {
      const structured = workspace.structured(file);
      if (structured === undefined) return [];
      const namesEnvironment = index.facts.factsOf(file).namesEnvironment === true;
      return [new CheckedStackFile(stack, structured, namesEnvironment)];
    });
  }

  get name(): string {
    return this.project.name;
  }

  /** Every environment of the project, and every one in a stack's file. */
  get documents(): readonly CheckedDocument[] {
    return [...this.environments, ...this.stackFiles.filter(({ hasValues }) => hasValues).flatMap(asDocument)];
  }

  /** The environments with which the project can be deployed. */
  get deployable(): readonly string[] {
    return this.workspace.index.deployable(this.project);
  }

  /** project.json and package.json of the project, where they are. */
  get manifests(): readonly StructuredFile[] {
    const { root } = this.files;
    return ['project.json', 'package.json'].flatMap((name) => {
      const file = this.workspace.structured(root === '.' ? name : `${root}/${name}`);
      return file === undefined ? [] : [file];
    });
  }

  /** Every environment and every document in a stack's file, evaluated. */
  async evaluations(): Promise<Evaluation[]> {
    const all: Evaluation[] = [];
    for (const { name } of this.environments) all.push(await this.evaluate(name));
    for (const stackFile of this.stackFiles) {
      const document = this.#environmentOf(stackFile) === undefined ? stackFile.document : undefined;
      if (document !== undefined) all.push(await this.#evaluateDocument(document, stackFile));
    }
    return all;
  }

  /** What a stack receives; undefined for one without environment. */
  async receivedBy(stack: string): Promise<Evaluation | undefined> {
    const stackFile = this.stackFiles.find((each) => each.stack === stack);
    if (stackFile?.namesEnvironment !== true) {
      const own = `${environmentProjectOf(this.name)}/${stack}`;
      return this.environments.some(({ name }) => name === own) ? this.evaluate(own) : undefined;
    }
    const only = this.#environmentOf(stackFile);
    if (only !== undefined) return this.evaluate(only.name);
    const { document } = stackFile;
    return document === undefined ? undefined : this.#evaluateDocument(document, stackFile);
  }

  /** The environment that a stack takes, where it names one and no more. */
  #environmentOf({ only }: CheckedStackFile): IndexedEnvironment | undefined {
    // An unqualified name means another environment there.
    return only?.includes('/') ? this.workspace.index.resolveEnvironment(only, this.project) : undefined;
  }

  evaluate(name: string): Promise<Evaluation> {
    return this.#evaluateOnce(name, { kind: 'reference', ref: name });
  }

  #evaluateDocument({ text }: StackDocument, { file: { source } }: CheckedStackFile): Promise<Evaluation> {
    const { file } = source;
    const absolute = join(this.workspace.root, file);
    return this.#evaluateOnce(`${ANONYMOUS} ${file}`, { kind: 'anonymous', text, file: absolute });
  }

  #evaluateOnce(id: string, source: EnvironmentSource): Promise<Evaluation> {
    const known = this.#evaluations.get(id) ?? this.#evaluateNow(source);
    this.#evaluations.set(id, known);
    return known;
  }

  async #evaluateNow(source: EnvironmentSource): Promise<Evaluation> {
    const { workspace } = this;
    const { index, signal, root } = workspace;
    const stacks: OpenedStack[] = [];
    const preview = createStackPreview({
      knownOutputs: (name) => workspace.outputsOf(name),
      onStack: (stack) => stacks.push(stack),
    });
    const backend = new LocalBackend({
      workspaceRoot: root,
      index,
      ...(index.organization !== undefined && { organization: index.organization }),
      readFile: (file) => workspace.bytesOf(file.slice(root.length + 1)) ?? Buffer.alloc(0),
      loadProvider: (name) =>
        name === 'pulumi-stacks'
          ? { ...preview, open: refuseToOpen }
          : loadCheckedProvider(name, { workspaceRoot: root, modules: workspace.options.providers ?? {} }),
    });
    await this.loadStates();
    return { inspection: await backend.inspect({ source, signal }), stacks };
  }

  /** Looks for the states of the stacks that are read somewhere beneath the project. */
  loadStates(): Promise<void> {
    return (this.#states ??= this.#loadStatesNow());
  }

  async #loadStatesNow(): Promise<void> {
    const { deployed, graph, index } = this.workspace;
    if (deployed === undefined) return;
    const { pulumiName } = index.pulumiProject(this.project);
    const own = new Set([
      ...this.environments.map(({ name }) => `environment:${name}`),
      ...this.deployable.map((stack) => `stack:${pulumiName}/${stack}`),
    ]);
    for (const id of graph.reachableFrom(own, (entity) => entity.kind === 'environment' || own.has(entity.id))) {
      const entity = graph.entities.get(id);
      if (entity?.kind === 'stack' || id.startsWith('external:stack ')) await deployed.load(entity?.name ?? '');
    }
  }
}

/** A stack's file as the text in the language that it holds. */
export function asDocument({ stack, file: { source }, document }: CheckedStackFile): CheckedDocument[] {
  return document === undefined ? [] : [{ environment: stack, source, parsed: document.parsed }];
}
