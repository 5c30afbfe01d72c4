import { join } from 'node:path';
import { type Expression, parseEnvironment, type PropertyAccess } from 'esc-eval';
import type { Revision } from './revision';

/** A key of an environment that is written differently, and how the environment is reached. */
export interface Cause {
  /** Path of the key beneath `values`; `imports` where other environments are imported. */
  readonly key: string;
  readonly file: string;
  /** 1-based, in the newer revision; in the older one for a key that is gone. */
  readonly line: number;
  readonly column: number;
  /** Names of the environments from the one that the stack opens to the one with the key. */
  readonly via: readonly string[];
}

type Path = readonly string[];

/** One value as it is written. */
interface Declared {
  readonly path: Path;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** What the value refers to. */
  readonly uses: readonly Path[];
}

/** Finds the keys whose text changed and on which values rest, in the environments that some roots rest on. */
export class CauseFinder {
  readonly #declared = new Map<string, readonly Declared[]>();

  constructor(
    readonly base: Revision,
    readonly head: Revision,
  ) {}

  /** The causes of a change of the value at `key` (`environmentVariables.PORT`), for a stack by its id. */
  causesOf(stack: string, key: string): Cause[] {
    const environments = new Map([...this.#reach(this.base, stack), ...this.#reach(this.head, stack)]);
    const all = [...environments.keys()].flatMap((id) => [...this.#of(this.base, id), ...this.#of(this.head, id)]);
    const reached = usedFrom(key.split(/[.[\]]+/).filter(Boolean), all);
    return [...environments].flatMap(([id, via]) => {
      const before = byKey(this.#of(this.base, id));
      const after = byKey(this.#of(this.head, id));
      const names = via.map((each) => each.replace(/^[a-z]+:/, ''));
      const file = (this.head.graph.entities.get(id) ?? this.base.graph.entities.get(id))?.file ?? '';
      return [...new Set([...before.keys(), ...after.keys()])].flatMap((path): Cause[] => {
        const declared = after.get(path) ?? before.get(path);
        if (declared === undefined || before.get(path)?.text === after.get(path)?.text) return [];
        if (path !== 'imports' && !reached.has(path)) return [];
        const { line, column } = declared;
        return [{ key: path, file, line, column, via: names }];
      });
    });
  }

  /** The environments that a stack rests on, each with the way to it. */
  #reach({ graph }: Revision, stack: string): Map<string, readonly string[]> {
    const ways = new Map<string, readonly string[]>([[stack, []]]);
    for (const [id, way] of ways) {
      for (const { to } of graph.edgesFrom(id)) {
        if (graph.entities.get(to)?.kind === 'environment' && !ways.has(to)) ways.set(to, [...way, to]);
      }
    }
    ways.delete(stack);
    return ways;
  }

  #of(revision: Revision, id: string): readonly Declared[] {
    const file = revision.graph.entities.get(id)?.file;
    if (file === undefined || !revision.files.has(file)) return [];
    const isOnDisk = !revision.files.differing.has(file);
    const cacheKey = `${isOnDisk ? 'disk' : revision === this.base ? 'base' : 'head'} ${file}`;
    const known = this.#declared.get(cacheKey) ?? declarationsOf(file, revision.files.read(file));
    this.#declared.set(cacheKey, known);
    return known;
  }
}

function byKey(declared: readonly Declared[]): Map<string, Declared> {
  return new Map(declared.map((each) => [each.path.join('.'), each]));
}

/** Everything on which the value at a path may rest: what is written there, what that refers to, and so on. */
function usedFrom(start: Path, declared: readonly Declared[]): Set<string> {
  const reached = new Set<string>();
  const wanted: Path[] = [start];
  const asked = new Set<string>();
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    const id = path.join('.');
    if (asked.has(id)) continue;
    asked.add(id);
    for (const each of declared) {
      if (!isPrefix(each.path, path) && !isPrefix(path, each.path)) continue;
      reached.add(each.path.join('.'));
      wanted.push(...each.uses);
    }
  }
  return reached;
}

function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}

function declarationsOf(file: string, source: Buffer): Declared[] {
  const { declaration } = parseEnvironment(join('/', file), source);
  if (declaration === null) return [];
  const { imports, values } = declaration;
  const [first] = imports;
  const found: Declared[] = [];
  if (first !== undefined) {
    const text = JSON.stringify(imports.map(({ name, merge }) => [name, merge]));
    found.push({ path: ['imports'], ...first.range.begin, text, uses: [] });
  }
  for (const { key, value } of values?.entries ?? []) declare(value, [key], found);
  return found;
}

/** A mapping is declared key by key; everything else, calls included, as a whole. */
function declare(expression: Expression, path: Path, found: Declared[]): void {
  if (expression.kind === 'object' && expression.entries.length > 0) {
    for (const { key, value } of expression.entries) declare(value, [...path, key], found);
    return;
  }
  const uses: Path[] = [];
  collectUses(expression, uses);
  const { line, column } = expression.range.begin;
  found.push({ path, line, column, text: textOf(expression), uses });
}

const PLACES = new Set(['range', 'path', 'keyRange', 'nameRange']);

function textOf(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => (PLACES.has(key) ? undefined : value));
}

function collectUses(expression: Expression, uses: Path[]): void {
  switch (expression.kind) {
    case 'symbol':
      uses.push(pathOf(expression.access));
      return;
    case 'interpolation':
      for (const { access } of expression.parts) if (access !== undefined) uses.push(pathOf(access));
      return;
    case 'array':
      for (const element of expression.elements) collectUses(element, uses);
      return;
    case 'object':
      for (const { value } of expression.entries) collectUses(value, uses);
      return;
    case 'call':
      collectUses(expression.argument, uses);
  }
}

/** `imports.<name>.` and `environments.<project>.<environment>.` are ways to values that are declared like all others. */
function pathOf({ accessors }: PropertyAccess): Path {
  const path = accessors.map((accessor) => (accessor.kind === 'key' ? accessor.key : String(accessor.index)));
  if (path[0] === 'imports') return path.slice(2);
  return path[0] === 'environments' ? path.slice(3) : path;
}
