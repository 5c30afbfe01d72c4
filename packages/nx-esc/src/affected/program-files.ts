import type { ProjectGraph, ProjectGraphProjectNode } from '@nx/devkit';
import { minimatch } from 'minimatch';
import { isConfigFile } from '../workspace/project-files';

type Inputs = readonly unknown[];
type NamedInputs = Readonly<Record<string, Inputs | undefined>>;

/** What is taken of the graph of Nx and of nx.json. */
export interface ProgramSources {
  readonly graph: Pick<ProjectGraph, 'nodes' | 'dependencies'>;
  readonly namedInputs: NamedInputs;
  readonly targetName: string;
  /** The files of the Pulumi programs of projects. */
  readonly programs?: ReadonlyMap<string, readonly string[]>;
}

interface Pattern {
  readonly glob: string;
  readonly isNegated: boolean;
}

const DEFAULT_INPUTS: Inputs = ['default', '^default'];
/** Edges of this kind are the plugin's own, or a person's: what lies behind them is not built into the program. */
const IMPLICIT = 'implicit';

/**
 * Finds, among files that differ, those that the program of a project is built from: the ones that the inputs of its
 * deploy target name. Environments and the files of stacks are not among them, since they are compared by value.
 */
export class ProgramFiles {
  readonly #changed: readonly string[];

  constructor(
    readonly sources: ProgramSources,
    changed: readonly string[],
  ) {
    this.#changed = changed.filter((file) => !isConfigFile(file) || /(?:^|\/)Pulumi\.ya?ml$/.test(file));
  }

  of(project: string): string[] {
    const { graph, targetName } = this.sources;
    const node = graph.nodes[project];
    if (node === undefined || this.#changed.length === 0) return [];
    const inputs = (node.data.targets?.[targetName]?.inputs ?? DEFAULT_INPUTS) as Inputs;
    const matched = new Set(this.#matching(this.#expand(inputs, node), node));
    const ofDependencies = inputs.flatMap((input) => dependencyInputOf(input));
    if (ofDependencies.length > 0) {
      for (const dependency of this.#dependenciesOf(project)) {
        for (const file of this.#matching(this.#expand(ofDependencies, dependency), dependency)) matched.add(file);
      }
    }
    return [...matched].filter((file) => !this.#isOfOtherProgram(file, project)).sort();
  }

  /** Of what no project owns, the inputs hold also what the programs of upstream stacks are made of (files-elsewhere.ts). */
  #isOfOtherProgram(file: string, project: string): boolean {
    const { programs = new Map<string, readonly string[]>(), graph } = this.sources;
    if (programs.get(project)?.includes(file) === true) return false;
    const isOwned = Object.values(graph.nodes).some(
      ({ data: { root } }) => root !== '.' && file.startsWith(`${root}/`),
    );
    return !isOwned && [...programs.values()].some((files) => files.includes(file));
  }

  #dependenciesOf(project: string): ProjectGraphProjectNode[] {
    const { nodes, dependencies } = this.sources.graph;
    const found = new Set([project]);
    for (const name of found) {
      for (const { target, type } of dependencies[name] ?? []) {
        if (type !== IMPLICIT && nodes[target] !== undefined) found.add(target);
      }
    }
    found.delete(project);
    return [...found].flatMap((name) => nodes[name] ?? []);
  }

  /** Resolves named inputs to globs; what is no file (runtimes, variables, packages) does not count here. */
  #expand(inputs: Inputs, node: ProjectGraphProjectNode, seen: ReadonlySet<string> = new Set()): Pattern[] {
    const named = {
      default: ['{projectRoot}/**/*'],
      ...this.sources.namedInputs,
      ...(node.data.namedInputs as NamedInputs),
    };
    return inputs.flatMap((input): Pattern[] => {
      const text = typeof input === 'string' ? input : ((input as { fileset?: string; input?: string }).fileset ?? '');
      if (/^!?\{(?:projectRoot|workspaceRoot)\}/.test(text)) {
        return [{ glob: text.replace(/^!/, ''), isNegated: text.startsWith('!') }];
      }
      const inner = named[text as keyof typeof named] as Inputs | undefined;
      return inner === undefined || seen.has(text) ? [] : this.#expand(inner, node, new Set([...seen, text]));
    });
  }

  #matching(patterns: readonly Pattern[], { data: { root } }: ProjectGraphProjectNode): string[] {
    const globs = patterns.map(({ glob, isNegated }) => ({
      isNegated,
      glob: glob.replace('{projectRoot}/', root === '.' ? '' : `${root}/`).replace('{workspaceRoot}/', ''),
    }));
    const matches = (file: string, isNegated: boolean): boolean =>
      globs.some((each) => each.isNegated === isNegated && minimatch(file, each.glob, { dot: true }));
    return this.#changed.filter((file) => matches(file, false) && !matches(file, true));
  }
}

/** What a `^input` asks of dependencies. */
function dependencyInputOf(input: unknown): unknown[] {
  if (typeof input === 'string') return input.startsWith('^') ? [input.slice(1)] : [];
  const { input: name, fileset, dependencies } = input as { input?: string; fileset?: string; dependencies?: boolean };
  return dependencies === true ? [name ?? fileset ?? ''] : [];
}
