import type { Range } from '../diagnostics/range';
import type { Accessor, Expression, FunctionCall, PropertyAccess } from '../language/ast';
import type { Argument, BuiltinFunction, OperandName } from '../functions/function';
import type { Definition } from '../values/definition';
import { DeferredSchema, type SchemaSource } from '../values/deferred-schema';
import { fingerprintOf, fingerprintOfSyntax } from '../values/fingerprint';
import { EscNumber } from '../values/number';
import { ALWAYS, type Schema } from '../values/schema';
import type { Value } from '../values/value';
import type { Scope } from './scope';

/** A call's operands, declared as expressions of their own. */
export interface DeclaredCall {
  readonly syntax: FunctionCall;
  readonly builtin: BuiltinFunction;
  readonly argument: Argument;
  readonly operands: ReadonlyMap<OperandName, Expr>;
  argumentSchema: Schema;
}

/** An expression of one environment under evaluation (language reference, section 8.1). */
export class Expr implements Definition {
  /** The schema of the result, perhaps not computed yet. */
  schemaSource: SchemaSource = ALWAYS;
  state: 'declared' | 'evaluating' | 'done' = 'declared';
  value: Value | undefined;
  elements: readonly Expr[] | undefined;
  properties: ReadonlyMap<string, Expr> | undefined;
  keyRanges: ReadonlyMap<string, Range> | undefined;
  call: DeclaredCall | undefined;
  /** What the accessors of the expression's accesses resolved to. */
  resolved: Map<Accessor, Definition> | undefined;
  /** The values that accessors reached beyond the expressions of the same environment. */
  reached: Map<Accessor, Value> | undefined;

  /**
   * `syntax` is null for what is missing, and for the root of an environment. `label` is the path that messages about
   * cycles name; it starts afresh inside the argument of a call.
   */
  constructor(
    readonly scope: Scope,
    readonly syntax: Expression | null,
    readonly range: Range | undefined,
    readonly path: string,
    readonly label: string,
    readonly base: Value | undefined,
  ) {}

  get schema(): Schema {
    return DeferredSchema.resolve(this.schemaSource);
  }

  child(accessor: string | number): Definition | undefined {
    return typeof accessor === 'number' ? this.elements?.[accessor] : this.properties?.get(accessor);
  }

  recordResolved(accessor: Accessor, def: Definition): void {
    this.resolved ??= new Map();
    this.resolved.set(accessor, def);
  }

  recordTarget(accessor: Accessor, target: Expr | Value): void {
    this.recordResolved(accessor, target instanceof Expr ? target : target.def);
    if (target instanceof Expr) return;
    this.reached ??= new Map();
    this.reached.set(accessor, target);
  }

  /** The accesses written in the expression. */
  get accesses(): readonly PropertyAccess[] {
    if (this.syntax?.kind === 'symbol') return [this.syntax.access];
    if (this.syntax?.kind !== 'interpolation') return [];
    return this.syntax.parts.flatMap(({ access }) => (access === undefined ? [] : [access]));
  }
}

/** What the unknown value of an expression stands for: what is written there, and for a call what it was given. */
export function symbolOf({ call, syntax: source }: Expr): string {
  if (call === undefined) return fingerprintOfSyntax(source);
  const { syntax, operands } = call;
  const parts = [...operands].map(([name, { value, syntax: written }]) => {
    const operand = value === undefined ? fingerprintOfSyntax(written ?? null) : fingerprintOf(value);
    return `${name}=${operand}`;
  });
  return `${syntax.name}(${parts.join(',')})`;
}

/** The value of a literal; null for what is none. */
export function literalOf(syntax: Expression | null): null | boolean | string | EscNumber {
  switch (syntax?.kind) {
    case 'boolean':
    case 'string':
      return syntax.value;
    case 'number':
      return new EscNumber(syntax.text);
    default:
      return null;
  }
}
