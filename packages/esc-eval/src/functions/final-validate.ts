import type { Expression, FunctionCall } from '../language/ast';
import { ownDataOf } from '../values/convert';
import { JSON_SCHEMA_SCHEMA } from '../values/json-schema-schema';
import { ALWAYS, recordSchema, type Schema } from '../values/schema';
import { compileSchema, SchemaError } from '../values/schema-compiler';
import { schemaOfData } from '../values/schema-data';
import { contentsOf } from '../values/contents';
import type { Value } from '../values/value';
import type { Argument, BuiltinFunction, Call, ReportShape } from './function';
import { readOperands } from './operands';
import { passOn } from './results';
import { readSingle } from './text-functions';

/** `fn::final: value` */
export const final: BuiltinFunction = {
  schema: ALWAYS,
  argumentSchema: ALWAYS,
  readArgument: readSingle,
  evaluate(call: Call): Value {
    const result = passOn(call, call.evaluate(0), { keepsBase: true });
    result.final = true;
    return result;
  },
};

/** `fn::validate: {schema, value}` (language reference, section 12.5) */
export const validate: BuiltinFunction = {
  schema: ALWAYS,
  argumentSchema: recordSchema(
    new Map([
      ['schema', JSON_SCHEMA_SCHEMA],
      ['value', ALWAYS],
    ]),
  ),
  readArgument(call: FunctionCall, report: ReportShape): Argument {
    const { argument } = call;
    const operands = readOperands(argument, ['schema', 'value']);
    if (operands === undefined) {
      report("the argument to fn::validate must be an object containing 'schema' and 'value'", argument);
      return {
        shape: 'object',
        range: argument.range,
        operands: new Map<string, Expression | null>([
          ['schema', null],
          ['value', null],
        ]),
      };
    }
    for (const name of ['schema', 'value']) {
      if (operands.get(name) === null) report(`missing required property '${name}'`, argument);
    }
    return { shape: 'object', range: argument.range, operands };
  },
  evaluate(call: Call): Value {
    const schema = readSchema(call);
    if (schema !== undefined) call.typed('value', schema);
    return passOn(call, call.evaluate('value'), { keepsBase: false });
  },
};

function readSchema(call: Call): Schema | undefined {
  const value = call.typed('schema', JSON_SCHEMA_SCHEMA);
  if (value === undefined || contentsOf(value).unknown) return undefined;
  try {
    return compileSchema(schemaOfData(ownDataOf(value)));
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    call.fail('invalid-schema', `invalid schema: ${error.message}`, call.operand('schema'));
    return undefined;
  }
}
