import type { Diagnostic } from '../diagnostics/diagnostic';
import { quote } from '../diagnostics/quote';
import type { Range } from '../diagnostics/range';
import type { Expression, FunctionCall, ObjectEntry, ObjectLiteral } from '../language/ast';
import { joinIndex, joinKey } from '../language/property-path';
import { functionNamed } from '../functions';
import type { Argument, OperandName } from '../functions/function';
import type { Definition } from '../values/definition';
import { EscNumber } from '../values/number';
import { ALWAYS, literalSchema, type Schema, STRING } from '../values/schema';
import type { Value } from '../values/value';
import { Expr } from './expr';
import type { Scope } from './scope';

const RESERVED_ROOTS = new Set(['imports', 'context', 'environments']);

/** Turns the syntax of an environment into expressions to evaluate (language reference, section 8.2). */
export class Declarer {
  constructor(
    readonly scope: Scope,
    readonly diagnostics: Diagnostic[],
  ) {}

  declareRoot(values: ObjectLiteral | null, base: Value | undefined): Expr {
    const root = new Expr(this.scope, values, undefined, '', '', base);
    const entries = (values?.entries ?? []).filter((entry) => !this.#isReserved(entry));
    this.#declareEntries(root, entries, (key) => key);
    return root;
  }

  #isReserved(entry: ObjectEntry): boolean {
    if (!RESERVED_ROOTS.has(entry.key)) return false;
    this.#report('reserved-key', `${quote(entry.key)} is a reserved key`, entry);
    return true;
  }

  #declareEntries(object: Expr, entries: readonly ObjectEntry[], labelOf: (key: string) => string): void {
    const properties = new Map<string, Expr>();
    const keyRanges = new Map<string, Range>();
    for (const entry of entries) {
      const { key, keyRange } = entry;
      keyRanges.set(key, keyRange);
      if (properties.has(key)) {
        this.#report('duplicate-key', `duplicate key ${quote(key)}`, entry);
        continue;
      }
      const site: Definition = { range: keyRange, path: entry.path };
      const base = object.base?.property(key, site);
      properties.set(key, this.#declare(entry.value, labelOf(key), base));
    }
    object.properties = properties;
    object.keyRanges = keyRanges;
  }

  #report(code: 'reserved-key' | 'duplicate-key', summary: string, { keyRange, path }: ObjectEntry): void {
    this.diagnostics.push({ severity: 'error', code, summary, range: keyRange, path });
  }

  #declare(syntax: Expression, label: string, base: Value | undefined): Expr {
    const range = syntax.range.environment === undefined ? undefined : syntax.range;
    const expr = new Expr(this.scope, syntax, range, syntax.path, label, base);
    expr.schemaSource = initialSchema(syntax);
    switch (syntax.kind) {
      case 'array':
        expr.elements = syntax.elements.map((element, index) =>
          this.#declare(element, joinIndex(label, index), undefined),
        );
        break;
      case 'object':
        this.#declareEntries(expr, syntax.entries, (key) => joinKey(label, key));
        break;
      case 'call':
        this.#declareCall(expr, syntax);
    }
    return expr;
  }

  #declareCall(expr: Expr, syntax: FunctionCall): void {
    const builtin = functionNamed(syntax.name);
    const argument = builtin.readArgument(syntax, () => undefined);
    const operands = new Map(operandsOf(argument).map(([name, operand]) => [name, this.#declareOperand(operand)]));
    expr.call = { syntax, builtin, argument, operands, argumentSchema: builtin.argumentSchema };
  }

  #declareOperand(operand: Expression | null): Expr {
    return operand === null
      ? new Expr(this.scope, null, undefined, '', '', undefined)
      : this.#declare(operand, '', undefined);
  }
}

function operandsOf(argument: Argument): (readonly [OperandName, Expression | null])[] {
  switch (argument.shape) {
    case 'single':
      return [[0, argument.operand]];
    case 'list':
      return argument.operands.map((operand, index) => [index, operand]);
    case 'object':
      return [...argument.operands];
  }
}

function initialSchema(syntax: Expression): Schema {
  switch (syntax.kind) {
    case 'null':
      return literalSchema(null);
    case 'boolean':
    case 'string':
      return literalSchema(syntax.value);
    case 'number':
      return literalSchema(new EscNumber(syntax.text));
    case 'interpolation':
      return STRING;
    case 'call':
      return functionNamed(syntax.name).schema;
    case 'array':
      return { type: 'array', items: ALWAYS };
    case 'object':
      return { type: 'object', additionalProperties: ALWAYS };
    default:
      return ALWAYS;
  }
}
