import type { Diagnostic } from '../diagnostics/diagnostic';
import type { Range } from '../diagnostics/range';
import { Expr } from '../evaluation/expr';
import type { EvaluatedEnvironment } from '../evaluation/evaluator';
import { formatPropertyPath, type PathSegment } from '../language/property-path';
import type { Definition } from '../values/definition';
import { exportValue } from '../values/export-value';
import type { ExportedValue } from '../values/exported-value';
import { type Value } from '../values/value';
import {
  type Access,
  followAccess,
  lengthOfChain,
  partOf,
  type Place,
  placeOf,
  segmentOf,
  targetOf,
} from './access-path';
import { importChains, type ImportStep } from './import-chains';

export type OriginKind =
  | 'literal'
  | 'object'
  | 'array'
  /** `${a.b}` alone */
  | 'reference'
  | 'interpolation'
  | 'call'
  /** What the run says: `${context}`, or what no text defines. */
  | 'context';

/** Where one value comes from: the expression that gives it, and what that is made of. */
export interface Origin {
  readonly kind: OriginKind;
  /** Null where no text defines it. */
  readonly range: Range | null;
  /** Path from the document's root, such as `values.database.url`. */
  readonly path: string;
  readonly value: ExportedValue;
  /** The imports by which the text with the definition is reached; none for the environment itself. */
  readonly imports: readonly ImportStep[];
  /** Of a call: its function, such as `fn::open::aws-secrets`. */
  readonly function?: string;
  /** Of a call that opens or rotates: what is asked, and for which part of the answer. */
  readonly provider?: { readonly name: string; readonly inputs: ExportedValue };
  /** Which part of the result of a call the value is; none for all of it. */
  readonly part: readonly PathSegment[];
  readonly ingredients: readonly Ingredient[];
  /** Whether the ingredients are left out since they were listed before. */
  readonly isRepeated: boolean;
}

/** One thing that a value is made of. */
export interface Ingredient {
  /** As it is written: `${database.url}`; the key or index within a literal. */
  readonly written: string;
  readonly range: Range | null;
  readonly origin: Origin;
}

/** The definition that counts, and those that it overrides, the nearest first. */
export interface Provenance {
  readonly origin: Origin;
  readonly overridden: readonly Origin[];
}

/** Finds where the value at a path comes from; undefined where there is none. Nothing is evaluated for it. */
export function provenanceOf(environment: EvaluatedEnvironment, path: readonly PathSegment[]): Provenance | undefined {
  let value: Value = environment.value;
  let place: Place | undefined;
  for (const segment of path) {
    const next = stepInto(value, segment);
    if (next === undefined) return undefined;
    place = partOf(place, next.def, segment);
    value = next;
  }
  return new ProvenanceFinder(environment).find(value, place ?? { def: value.def, part: [] });
}

/** Finds where the value comes from that a diagnostic of the environment is about; undefined where it is about none. */
export function originOfFault(environment: EvaluatedEnvironment, diagnostic: Diagnostic): Origin | undefined {
  const operand = environment.faultyOperands.get(diagnostic);
  if (operand?.value === undefined) return undefined;
  return new ProvenanceFinder(environment).find(operand.value, { def: operand, part: [] }).origin;
}

function stepInto(value: Value, segment: PathSegment): Value | undefined {
  if (Array.isArray(value.repr)) {
    return typeof segment === 'number' ? (value.repr[segment] as Value | undefined) : undefined;
  }
  if (value.unknown && value.repr === null) {
    const { schema } = value;
    if (schema.always !== true && schema.type !== 'object' && schema.type !== 'array') return undefined;
    return typeof segment === 'number' ? value.lateItem(segment, value.def) : value.lateProperty(segment, value.def);
  }
  return typeof segment === 'string' && value.keys().includes(segment) ? value.property(segment, value.def) : undefined;
}

/** An access as its text has it. */
interface Written {
  readonly text: string;
  readonly range: Range | null;
}

class ProvenanceFinder {
  readonly #chains: ReadonlyMap<string, readonly ImportStep[]>;
  readonly #environment: string;
  readonly #listed = new Set<string>();

  constructor({ scope, source, sources }: EvaluatedEnvironment) {
    this.#chains = importChains(source, sources);
    this.#environment = scope.name;
  }

  find(value: Value, place: Place): Provenance {
    const [, ...lower] = definitionsOf(value);
    // What two imports both build on lies beneath each of them.
    const overridden = new Map(lower.map((each) => [idOf(each.def), each])).values();
    return {
      origin: this.#origin(value, place),
      overridden: [...overridden].map((each) => this.#origin(each, placeOf(each.def))),
    };
  }

  #origin(value: Value, { def, part }: Place): Origin {
    const expr = def instanceof Expr ? def : undefined;
    const provider = expr === undefined ? undefined : this.#providerOf(expr);
    const facts = {
      kind: kindOf(expr),
      range: def.range ?? null,
      path: def.path,
      value: exportValue(value, this.#environment),
      imports: this.#chains.get(def.range?.environment ?? this.#environment) ?? [],
      ...(expr?.call !== undefined && { function: expr.call.syntax.name }),
      ...(provider !== undefined && { provider }),
      part,
    };
    const id = `${idOf(def)} ${JSON.stringify(part)}`;
    if (this.#listed.has(id)) return { ...facts, ingredients: [], isRepeated: true };
    if (def.range !== undefined) this.#listed.add(id);
    return { ...facts, ingredients: this.#ingredientsOf(value, expr, part), isRepeated: false };
  }

  #providerOf({ call }: Expr): Origin['provider'] {
    const [, , shortName] = /^fn::(open|rotate)(?:::(.*))?$/s.exec(call?.syntax.name ?? '') ?? [];
    if (call === undefined || !/^fn::(?:open|rotate)(?:::|$)/.test(call.syntax.name)) return undefined;
    const { operands } = call;
    const written = operands.get('provider')?.syntax;
    const name = shortName ?? (written?.kind === 'string' ? written.value : '');
    const inputs = (operands.get('inputs') ?? operands.get(0))?.value;
    return inputs === undefined ? undefined : { name, inputs: exportValue(inputs, this.#environment) };
  }

  #ingredientsOf(value: Value, expr: Expr | undefined, part: readonly PathSegment[]): Ingredient[] {
    if (expr === undefined) return [];
    if (expr.call !== undefined) {
      if (expr.call.syntax.name === 'fn::secret') return [];
      return [...expr.call.operands].flatMap(([, operand]) => this.#used(operand, part));
    }
    if (expr.properties !== undefined) return this.#entries(value);
    if (expr.elements !== undefined) {
      return Array.isArray(value.repr)
        ? (value.repr as readonly Value[]).map((item, index) => this.#member(`[${index}]`, item))
        : [];
    }
    return this.#accesses(expr).map(([access, written]) => {
      // A part of what a reference copies is that part of its target.
      if (part.length === 0) return this.#reference(access, written);
      const { def, part: within } = access.place;
      return this.#reference({ value, place: { def, part: [...within, ...part] } }, written);
    });
  }

  #entries(value: Value): Ingredient[] {
    return value.keys().flatMap((key) => {
      const property = value.property(key, value.def);
      return property === undefined ? [] : [this.#member(formatPropertyPath([key]), property)];
    });
  }

  #member(written: string, value: Value): Ingredient {
    return { written, range: value.def.range ?? null, origin: this.#origin(value, placeOf(value.def)) };
  }

  /** What an operand uses. Of requests that are answered by key, only the one whose answer is asked for counts. */
  #used(operand: Expr, part: readonly PathSegment[]): Ingredient[] {
    const [key] = part;
    if (operand.properties !== undefined) {
      const properties = [...operand.properties];
      const asked = typeof key === 'string' ? operand.properties.get(key) : undefined;
      const isKeyed = asked !== undefined && properties.every(([, { properties: nested }]) => nested !== undefined);
      if (isKeyed) return this.#used(asked, []);
      return properties.flatMap(([, property]) => this.#used(property, part));
    }
    if (operand.elements !== undefined) return operand.elements.flatMap((element) => this.#used(element, []));
    if (operand.call !== undefined) {
      const { value } = operand;
      if (value === undefined) return [];
      const written = operand.call.syntax.name;
      return [{ written, range: operand.range ?? null, origin: this.#origin(value, { def: operand, part: [] }) }];
    }
    return this.#accesses(operand).map(([access, written]) => this.#reference(access, written));
  }

  #accesses(expr: Expr): (readonly [Access, Written])[] {
    return expr.accesses.map((access) => {
      const [first] = access.accessors;
      const text = `\${${formatPropertyPath(access.accessors.map(segmentOf))}}`;
      return [followAccess(expr, access), { text, range: first?.range ?? expr.range ?? null }];
    });
  }

  #reference({ value, place }: Access, { text, range }: Written): Ingredient {
    return { written: text, range, origin: this.#origin(value, place) };
  }
}

function idOf({ range, path }: Definition): string {
  return `${range?.environment ?? ''} ${path}`;
}

function kindOf(expr: Expr | undefined): OriginKind {
  if (expr === undefined) return 'context';
  if (expr.call !== undefined) return 'call';
  switch (expr.syntax?.kind) {
    case 'object':
    case 'array':
    case 'interpolation':
      return expr.syntax.kind;
    case 'symbol':
      return 'reference';
    case undefined:
      return expr.properties === undefined ? 'context' : 'object';
    default:
      return 'literal';
  }
}

/**
 * A value and all that it was merged over. A reference's value is a copy that lies over what its target lies over, too;
 * that belongs to the target.
 */
function definitionsOf(value: Value): Value[] {
  const found: Value[] = [];
  for (let each: Value | undefined = value; each !== undefined;) {
    found.push(each);
    let inherited: number = each.def instanceof Expr ? lengthOfChain(targetOf(each.def)?.base) : 0;
    each = each.base;
    for (; each !== undefined && inherited > 0; inherited -= 1) each = each.base;
  }
  return found.filter(({ def }, index) => def.range !== undefined || index === 0);
}
