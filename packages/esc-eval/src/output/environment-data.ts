import { createSyntheticRange, type Position, type Range } from '../diagnostics/range';
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

const IMPORTED = '<import>';

/** The Environment of the ESC API (language reference, section 16), as JSON data with numbers as text. */
export function environmentData({ scope, root, value }: EvaluatedEnvironment): Data {
  const exprs = new Map<string, Data>();
  for (const [key, property] of root.properties ?? []) exprs.set(key, expressionData(property, scope.name));
  return record([
    ['exprs', exprs.size > 0 ? exprs : undefined],
    ['properties', propertiesData(value, scope.name)],
    ['schema', dataOfSchema(value.schema)],
    [
      'executionContext',
      record([
        ['properties', propertiesData(scope.contextValue, scope.name)],
        ['schema', dataOfSchema(scope.contextValue.schema)],
      ]),
    ],
  ]);
}

function propertiesData(value: Value, environment: string): Data | undefined {
  const exported = exportValue(value, environment).value as ReadonlyMap<string, ExportedValue>;
  if (exported.size === 0) return undefined;
  return new Map([...exported].map(([key, property]) => [key, valueData(property)]));
}

/** A Value of the ESC API; one that is null has no `value`. */
export function valueData(exported: ExportedValue): Data {
  const { value, secret, unknown, trace } = exported;
  return record([
    ['value', exportedData(value)],
    ['secret', secret ? true : undefined],
    ['unknown', unknown ? true : undefined],
    [
      'trace',
      record([
        ['def', rangeData(trace.def)],
        ['base', trace.base === undefined ? undefined : valueData(trace.base)],
      ]),
    ],
  ]);
}

function exportedData(value: ExportedValue['value']): Data | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return (value as readonly ExportedValue[]).map(valueData);
  if (value instanceof Map) {
    return new Map([...(value as ReadonlyMap<string, ExportedValue>)].map(([key, item]) => [key, valueData(item)]));
  }
  return value as Data;
}

export function rangeData({ environment, begin, end }: Range): Data {
  return record([
    ['environment', environment],
    ['begin', positionData(begin)],
    ['end', positionData(end)],
  ]);
}

function positionData({ line, column, byte }: Position): Data {
  return record([
    ['line', numberData(line)],
    ['column', numberData(column)],
    ['byte', numberData(byte)],
  ]);
}

function numberData(value: number): Data {
  return new EscNumber(String(value));
}

/** An Expr of the ESC API: how a value came about. */
function expressionData(def: Definition, environment: string): Data {
  if (def instanceof LateAccess) return lateAccessData(def, environment);
  if (!(def instanceof Expr)) return record([['range', rangeData(rangeOf(def, environment))]]);
  const { base } = def;
  return record([
    ['range', rangeData(rangeOf(def, environment))],
    ['schema', dataOfSchema(def.schema)],
    ['base', base === undefined ? undefined : baseData(base, environment)],
    ['keyRanges', keyRangesData(def)],
    ...syntaxData(def, environment),
  ]);
}

function baseData(base: Defined, environment: string): Data {
  return expressionData(base.def, base.def.range === undefined ? IMPORTED : environment);
}

function keyRangesData(expr: Expr): Data | undefined {
  if (expr.keyRanges === undefined || expr.keyRanges.size === 0) return undefined;
  return new Map([...expr.keyRanges].map(([key, range]) => [key, rangeData(range)]));
}

function syntaxData(expr: Expr, environment: string): (readonly [string, Data | undefined])[] {
  const { syntax } = expr;
  if (expr.call !== undefined) return [['builtin', callData(expr, environment)]];
  switch (syntax?.kind) {
    case 'boolean':
    case 'string':
      return [['literal', syntax.value]];
    case 'number':
      return [['literal', new EscNumber(syntax.text)]];
    case 'interpolation':
      return [['interpolate', interpolationData(expr, syntax, environment)]];
    case 'symbol':
      return [['symbol', accessData(expr, syntax.access.accessors, environment)]];
    case 'array':
      return [['list', listData(expr.elements ?? [], environment)]];
    case 'object':
      return [['object', objectData(expr.properties ?? new Map<string, Expr>(), environment)]];
    default:
      return [];
  }
}

function listData(elements: readonly Expr[], environment: string): Data | undefined {
  return elements.length === 0 ? undefined : elements.map((element) => expressionData(element, environment));
}

function objectData(properties: ReadonlyMap<string, Expr>, environment: string): Data | undefined {
  if (properties.size === 0) return undefined;
  return new Map([...properties].map(([key, property]) => [key, expressionData(property, environment)]));
}

function interpolationData(expr: Expr, syntax: Interpolation, environment: string): Data {
  return syntax.parts.map(({ text, access }) =>
    record([
      ['text', text === '' ? undefined : text],
      ['value', access === undefined ? undefined : accessData(expr, access.accessors, environment)],
    ]),
  );
}

function accessData(expr: Expr, accessors: readonly Accessor[], environment: string): Data {
  return accessors.map((accessor) => {
    const resolved = expr.resolved?.get(accessor);
    return record([
      accessor.kind === 'key' ? ['key', accessor.key] : ['index', numberData(accessor.index)],
      ['range', rangeData(accessor.range ?? createSyntheticRange(environment))],
      ['value', rangeData(resolved === undefined ? createSyntheticRange() : rangeOf(resolved, environment))],
    ]);
  });
}

function callData(expr: Expr, environment: string): Data {
  const call = expr.call as NonNullable<Expr['call']>;
  return record([
    ['name', call.syntax.name],
    ['nameRange', rangeData(call.syntax.nameRange)],
    ['argSchema', dataOfSchema(call.argumentSchema)],
    ['arg', argumentData(call, environment)],
  ]);
}

function argumentData({ argument, operands }: NonNullable<Expr['call']>, environment: string): Data {
  const operand = (name: string | number): Expr => operands.get(name) as Expr;
  switch (argument.shape) {
    case 'single':
      return expressionData(operand(0), environment);
    case 'list':
      return record([
        ['range', rangeData(argument.range)],
        ['list', argument.operands.map((_, index) => expressionData(operand(index), environment))],
      ]);
    case 'object':
      return record([
        ['range', rangeData(argument.range ?? createSyntheticRange())],
        [
          'object',
          new Map([...argument.operands.keys()].map((name) => [name, expressionData(operand(name), environment)])),
        ],
      ]);
  }
}

function lateAccessData(access: LateAccess, environment: string): Data {
  const { base } = access;
  return record([
    ['range', rangeData(access.firstRange ?? createSyntheticRange(environment))],
    ['schema', dataOfSchema(access.schema)],
    ['base', base === undefined ? undefined : baseData(base, environment)],
    [
      'access',
      record([
        ['receiver', rangeData(rangeOf(access.receiver, IMPORTED))],
        [
          'accessors',
          access.accessors.map((accessor) =>
            record([
              typeof accessor === 'string' ? ['key', accessor] : ['index', numberData(accessor)],
              ['range', rangeData(createSyntheticRange(environment))],
            ]),
          ),
        ],
      ]),
    ],
  ]);
}
