import { createSyntheticRange } from '../diagnostics/range';
import type { Accessor, Interpolation } from '../language/ast';
import { Expr } from '../evaluation/expr';
import type { EvaluatedEnvironment } from '../evaluation/evaluator';
import type { Data } from '../values/data';
import { type Defined, type Definition, LateAccess } from '../values/definition';
import { exportValue, rangeOf } from '../values/export-value';
import type { ExportedValue } from '../values/exported-value';
import { record } from '../values/json-tree';
import { EscNumber } from '../values/number';
import { dataOfSchema } from '../values/schema-data';
import type { Value } from '../values/value';
import { type DataFormat, ValueWriter } from './value-data';

const IMPORTED = '<import>';

/** The Environment of the ESC API (language reference, section 16), as JSON data with numbers as text. */
export function environmentData(evaluated: EvaluatedEnvironment, format?: DataFormat): Data {
  return new EnvironmentWriter(new ValueWriter(format)).environment(evaluated);
}

class EnvironmentWriter {
  readonly #values: ValueWriter;

  constructor(values: ValueWriter) {
    this.#values = values;
  }

  environment({ scope, root, value }: EvaluatedEnvironment): Data {
    const exprs = new Map<string, Data>();
    for (const [key, property] of root.properties ?? []) exprs.set(key, this.#expression(property, scope.name));
    return record([
      ['exprs', exprs.size > 0 ? exprs : undefined],
      ['properties', this.#properties(value, scope.name)],
      ['schema', dataOfSchema(value.schema)],
      [
        'executionContext',
        record([
          ['properties', this.#properties(scope.contextValue, scope.name)],
          ['schema', dataOfSchema(scope.contextValue.schema)],
        ]),
      ],
    ]);
  }

  #properties(value: Value, environment: string): Data | undefined {
    const exported = exportValue(value, environment).value as ReadonlyMap<string, ExportedValue>;
    if (exported.size === 0) return undefined;
    return new Map([...exported].map(([key, property]) => [key, this.#values.value(property)]));
  }

  /** An Expr of the ESC API: how a value came about. */
  #expression(def: Definition, environment: string): Data {
    if (def instanceof LateAccess) return this.#lateAccess(def, environment);
    if (!(def instanceof Expr)) return record([['range', this.#values.range(rangeOf(def, environment))]]);
    const { base } = def;
    return record([
      ['range', this.#values.range(rangeOf(def, environment))],
      ['schema', dataOfSchema(def.schema)],
      ['base', base === undefined ? undefined : this.#base(base, environment)],
      ['keyRanges', this.#keyRanges(def)],
      ...this.#syntax(def, environment),
    ]);
  }

  #base(base: Defined, environment: string): Data {
    return this.#expression(base.def, base.def.range === undefined ? IMPORTED : environment);
  }

  #keyRanges(expr: Expr): Data | undefined {
    if (expr.keyRanges === undefined || expr.keyRanges.size === 0) return undefined;
    return new Map([...expr.keyRanges].map(([key, range]) => [key, this.#values.range(range)]));
  }

  #syntax(expr: Expr, environment: string): (readonly [string, Data | undefined])[] {
    const { syntax } = expr;
    if (expr.call !== undefined) return [['builtin', this.#call(expr, environment)]];
    switch (syntax?.kind) {
      case 'boolean':
      case 'string':
        return [['literal', syntax.value]];
      case 'number':
        return [['literal', new EscNumber(syntax.text)]];
      case 'interpolation':
        return [['interpolate', this.#interpolation(expr, syntax, environment)]];
      case 'symbol':
        return [['symbol', this.#access(expr, syntax.access.accessors, environment)]];
      case 'array':
        return [['list', this.#list(expr.elements ?? [], environment)]];
      case 'object':
        return [['object', this.#object(expr.properties ?? new Map<string, Expr>(), environment)]];
      default:
        return [];
    }
  }

  #list(elements: readonly Expr[], environment: string): Data | undefined {
    return elements.length === 0 ? undefined : elements.map((element) => this.#expression(element, environment));
  }

  #object(properties: ReadonlyMap<string, Expr>, environment: string): Data | undefined {
    if (properties.size === 0) return undefined;
    return new Map([...properties].map(([key, property]) => [key, this.#expression(property, environment)]));
  }

  #interpolation(expr: Expr, syntax: Interpolation, environment: string): Data {
    return syntax.parts.map(({ text, access }) =>
      record([
        ['text', text === '' ? undefined : text],
        ['value', access === undefined ? undefined : this.#access(expr, access.accessors, environment)],
      ]),
    );
  }

  #access(expr: Expr, accessors: readonly Accessor[], environment: string): Data {
    return accessors.map((accessor) => {
      const resolved = expr.resolved?.get(accessor);
      return record([
        accessor.kind === 'key' ? ['key', accessor.key] : ['index', numberOf(accessor.index)],
        ['range', this.#values.range(accessor.range ?? createSyntheticRange(environment))],
        ['value', this.#values.range(resolved === undefined ? createSyntheticRange() : rangeOf(resolved, environment))],
      ]);
    });
  }

  #call(expr: Expr, environment: string): Data {
    const call = expr.call as NonNullable<Expr['call']>;
    return record([
      ['name', call.syntax.name],
      ['nameRange', this.#values.range(call.syntax.nameRange)],
      ['argSchema', dataOfSchema(call.argumentSchema)],
      ['arg', this.#argument(call, environment)],
    ]);
  }

  #argument({ argument, operands }: NonNullable<Expr['call']>, environment: string): Data {
    const operand = (name: string | number): Expr => operands.get(name) as Expr;
    switch (argument.shape) {
      case 'single':
        return this.#expression(operand(0), environment);
      case 'list':
        return record([
          ['range', this.#values.range(argument.range)],
          ['list', argument.operands.map((_, index) => this.#expression(operand(index), environment))],
        ]);
      case 'object':
        return record([
          ['range', this.#values.range(argument.range ?? createSyntheticRange())],
          [
            'object',
            new Map([...argument.operands.keys()].map((name) => [name, this.#expression(operand(name), environment)])),
          ],
        ]);
    }
  }

  #lateAccess(access: LateAccess, environment: string): Data {
    const { base } = access;
    return record([
      ['range', this.#values.range(access.firstRange ?? createSyntheticRange(environment))],
      ['schema', dataOfSchema(access.schema)],
      ['base', base === undefined ? undefined : this.#base(base, environment)],
      [
        'access',
        record([
          ['receiver', this.#values.range(rangeOf(access.receiver, IMPORTED))],
          [
            'accessors',
            access.accessors.map((accessor) =>
              record([
                typeof accessor === 'string' ? ['key', accessor] : ['index', numberOf(accessor)],
                ['range', this.#values.range(createSyntheticRange(environment))],
              ]),
            ),
          ],
        ]),
      ],
    ]);
  }
}

function numberOf(value: number): Data {
  return new EscNumber(String(value));
}
