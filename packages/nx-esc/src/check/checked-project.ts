import { join } from 'node:path';
import { parseEnvironment, type ParsedEnvironment, type Provider } from 'esc-eval';
import type { EnvironmentSource, Inspection, OpenedStack } from '../backends/backend';
import { LocalBackend } from '../backends/local/local-backend';
import { createStackPreview } from '../providers/pulumi-stacks/provider';
import { environmentProjectOf, type IndexedEnvironment, type IndexedProject } from '../workspace/workspace-index';
import type { CheckedWorkspace } from './checked-workspace';
import { classifyDiagnostics } from './classify-diagnostics';
import { outlineProvider, PROVIDER_NAMES } from './reading/provider-outlines';
import type { SourceFile } from './reading/source-file';
import { readStackDocument, type StackDocument } from './reading/stack-document';
import type { StructuredFile } from './reading/structured-file';
import type { Finding } from './rule';
import { suggestName } from './suggest-name';

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
export interface CheckedStackFile {
  readonly stack: string;
  readonly file: StructuredFile;
  /** What stands under `environment:`, parsed. */
  readonly document?: StackDocument & { readonly parsed: ParsedEnvironment };
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
  #language: Promise<ReadonlyMap<string, readonly Finding[]>> | undefined;

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
      if (indexed?.file !== file || source === undefined) return [];
      return [{ ...indexed, environment, source, parsed: workspace.parsed(indexed) }];
    });
    this.stackFiles = [...project.files.stacks].sort().flatMap(([stack, file]): CheckedStackFile[] => {
      const structured = workspace.structured(file);
      if (structured === undefined) return [];
      const names = index.facts.factsOf(file).namesEnvironment === true;
      const document = names ? readStackDocument(structured.source.text) : undefined;
      if (document === undefined) return [{ stack, file: structured }];
      return [{ stack, file: structured, document: { ...document, parsed: parseEnvironment(file, document.text) } }];
    });
  }

  get name(): string {
    return this.project.name;
  }

  /** Every environment of the project, and every document in a stack's file. */
  get documents(): readonly CheckedDocument[] {
    return [
      ...this.environments,
      ...this.stackFiles.flatMap(({ stack, document, file: { source } }) =>
        document === undefined ? [] : [{ environment: stack, source, parsed: document.parsed }],
      ),
    ];
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

  /** What the language says of the project's environments and stacks, by the code of the rule that reports it. */
  languageFindings(): Promise<ReadonlyMap<string, readonly Finding[]>> {
    return (this.#language ??= classifyDiagnostics(this));
  }

  /** Every environment and every document in a stack's file, evaluated. */
  async evaluations(): Promise<Evaluation[]> {
    const all: Evaluation[] = [];
    for (const { name } of this.environments) all.push(await this.evaluate(name));
    for (const { document, file } of this.stackFiles) {
      if (document === undefined || this.#environmentOf(document) !== undefined) continue;
      all.push(await this.#evaluateDocument(document, file.source.file));
    }
    return all;
  }

  /** What a stack receives; undefined for one without environment. */
  async receivedBy(stack: string): Promise<Evaluation | undefined> {
    const stackFile = this.stackFiles.find((each) => each.stack === stack);
    const document = stackFile?.document;
    if (stackFile === undefined || document === undefined) {
      const own = `${environmentProjectOf(this.name)}/${stack}`;
      return this.workspace.index.environment(own) === undefined ? undefined : this.evaluate(own);
    }
    const only = this.#environmentOf(document);
    return only === undefined ? this.#evaluateDocument(document, stackFile.file.source.file) : this.evaluate(only.name);
  }

  /** The environment that a stack's document comes to. */
  #environmentOf({ only }: StackDocument): IndexedEnvironment | undefined {
    // An unqualified name means another environment there.
    return only?.includes('/') ? this.workspace.index.resolveEnvironment(only, this.project) : undefined;
  }

  evaluate(name: string): Promise<Evaluation> {
    return this.#evaluateOnce(name, { kind: 'reference', ref: name });
  }

  #evaluateDocument({ text }: StackDocument, file: string): Promise<Evaluation> {
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
      loadProvider: (name) => (name === 'pulumi-stacks' ? { ...preview, open: refuseToOpen } : loadOutline(name)),
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

function loadOutline(name: string): Provider {
  const provider = outlineProvider(name);
  if (provider !== undefined) return provider;
  const suggestion = suggestName(name, PROVIDER_NAMES);
  throw new Error(`unknown provider ${JSON.stringify(name)}${suggestion === undefined ? '' : `; ${suggestion}`}`);
}

function refuseToOpen(): never {
  throw new Error('a check opens nothing');
}
