import type { Diagnostic } from '../diagnostics/diagnostic';
import type { Range } from '../diagnostics/range';
import type { EnvironmentDeclaration, Expression, FunctionCall, PropertyAccess } from '../language/ast';
import { parseEnvironment } from '../language/parse-environment';
import { functionNamed } from '../functions';

/** A parsed environment whose calls have been checked for their shapes, with all that it names statically. */
export interface LoadedDeclaration {
  /** Null where the YAML layer reports an error. */
  readonly declaration: EnvironmentDeclaration | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Names in `imports` and in `${environments.P.E…}`, each with where it stands first. */
  readonly environments: ReadonlyMap<string, Range>;
  readonly providers: ReadonlySet<string>;
  readonly rotators: ReadonlySet<string>;
}

const CACHE_LIMIT = 512;
const cache = new Map<string, { readonly source: Uint8Array | string; readonly loaded: LoadedDeclaration }>();

/**
 * Parses the text of an environment and checks the shape of its calls (language reference, sections 2 to 7). The last
 * few hundred texts are remembered.
 */
export function loadDeclaration(name: string, source: Uint8Array | string): LoadedDeclaration {
  const known = cache.get(name);
  if (known !== undefined && isSameSource(known.source, source)) return known.loaded;
  const loaded = new DeclarationLoader().load(name, source);
  cache.delete(name);
  cache.set(name, { source, loaded });
  if (cache.size > CACHE_LIMIT) cache.delete(cache.keys().next().value as string);
  return loaded;
}

function isSameSource(a: Uint8Array | string, b: Uint8Array | string): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return Buffer.compare(a, b) === 0;
}

class DeclarationLoader {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #environments = new Map<string, Range>();
  readonly #providers = new Set<string>();
  readonly #rotators = new Set<string>();

  load(name: string, source: Uint8Array | string): LoadedDeclaration {
    const { declaration, unused, diagnostics } = parseEnvironment(name, source);
    for (const { name: imported, range } of declaration?.imports ?? []) this.#name(imported, range);
    for (const expression of [...unused, declaration?.values]) if (expression) this.#visit(expression);
    return {
      declaration,
      diagnostics: [...diagnostics, ...this.#diagnostics],
      environments: this.#environments,
      providers: this.#providers,
      rotators: this.#rotators,
    };
  }

  #visit(expression: Expression): void {
    switch (expression.kind) {
      case 'array':
        for (const element of expression.elements) this.#visit(element);
        return;
      case 'object':
        for (const { value } of expression.entries) this.#visit(value);
        return;
      case 'symbol':
        this.#access(expression.access, expression.range);
        return;
      case 'interpolation':
        for (const { access } of expression.parts) if (access !== undefined) this.#access(access, expression.range);
        return;
      case 'call':
        this.#call(expression);
        this.#visit(expression.argument);
    }
  }

  #name(environment: string, range: Range): void {
    if (!this.#environments.has(environment)) this.#environments.set(environment, range);
  }

  #access({ accessors: [root, project, environment] }: PropertyAccess, range: Range): void {
    if (root?.kind !== 'key' || root.key !== 'environments') return;
    if (project?.kind === 'key' && environment?.kind === 'key') this.#name(`${project.key}/${environment.key}`, range);
  }

  #call(call: FunctionCall): void {
    const { operands } = functionNamed(call.name).readArgument(call, (summary, node) => {
      const { range, path } = node;
      this.#diagnostics.push({ severity: 'error', code: 'builtin-argument', summary, range, path });
    }) as { operands?: ReadonlyMap<string, Expression | null> };
    const [, kind, shortName] = /^fn::(open|rotate)(?:::(.*))?$/s.exec(call.name) ?? [];
    if (kind === undefined) return;
    const provider = operands?.get('provider');
    const name = shortName ?? (provider?.kind === 'string' ? provider.value : undefined);
    if (name !== undefined) (kind === 'open' ? this.#providers : this.#rotators).add(name);
  }
}
