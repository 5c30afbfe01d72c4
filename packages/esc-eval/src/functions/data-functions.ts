import type { FunctionCall } from '../language/ast';
import { dataOf, stringOf, valueOfData } from '../values/convert';
import { JsonSyntaxError, readJson } from '../values/json-reader';
import { UnsupportedNumberError, writeJson } from '../values/json-writer';
import { limitText } from '../values/limits';
import { ALWAYS, type Schema, STRING } from '../values/schema';
import { contentsOf, ownContentsOf } from '../values/contents';
import type { Value } from '../values/value';
import { writeYaml } from '../values/yaml-writer';
import type { Argument, BuiltinFunction, Call, ReportShape } from './function';
import { computeResult, textOf, unknownResult } from './results';
import { readSingle } from './text-functions';

const ARRAY: Schema = { items: ALWAYS, type: 'array' };
const ARRAYS: Schema = { items: ARRAY, type: 'array' };

/** `fn::concat: [[…], […]]` */
export const concat: BuiltinFunction = {
  schema: ARRAY,
  argumentSchema: ARRAYS,
  readArgument(call: FunctionCall, report: ReportShape): Argument {
    if (call.argument.kind !== 'array') report('the argument to fn::concat must be an array of arrays', call.argument);
    return readSingle(call);
  },
  evaluate(call: Call): Value {
    const arrays = call.typed(0, ARRAYS);
    if (arrays === undefined) return unknownResult(call);
    return computeResult(call, [arrays], ARRAY, () =>
      (arrays.repr as readonly Value[]).flatMap((array) => array.repr as readonly Value[]),
    );
  },
};

/** `fn::toString: value` */
export const toText: BuiltinFunction = {
  schema: STRING,
  argumentSchema: ALWAYS,
  readArgument: readSingle,
  evaluate(call: Call): Value {
    const value = call.evaluate(0);
    return computeResult(call, [value], STRING, () => stringOf(value), ownContentsOf);
  },
};

/** `fn::toJSON: value` */
export const toJson = createEncoder('JSON', (value) => writeJson(dataOf(value)));

/** `fn::toYAML: value` (language reference, section 20) */
export const toYaml = createEncoder('YAML', (value) => writeYaml(dataOf(value), 4));

function createEncoder(format: string, encode: (value: Value) => string): BuiltinFunction {
  return {
    schema: STRING,
    argumentSchema: ALWAYS,
    readArgument: readSingle,
    evaluate(call: Call): Value {
      const value = call.evaluate(0);
      const result = computeResult(call, [value], STRING, () => null);
      if (result.unknown) return result;
      try {
        result.repr = limitText(encode(value));
      } catch (error) {
        if (!(error instanceof UnsupportedNumberError)) throw error;
        call.fail('encoding-failed', `failed to encode ${format}: ${error.message}`);
        result.unknown = true;
      }
      return result;
    },
  };
}

/** `fn::fromJSON: string` */
export const fromJson: BuiltinFunction = {
  schema: ALWAYS,
  argumentSchema: ALWAYS,
  readArgument: readSingle,
  evaluate(call: Call): Value {
    const text = call.typed(0, STRING);
    if (text === undefined) return unknownResult(call);
    const contents = contentsOf(text);
    if (!contents.unknown) return decode(call, textOf(text), contents.secret);
    const result = unknownResult(call, ALWAYS, contents.pending);
    result.secret = contents.secret;
    return result;
  },
};

function decode(call: Call, text: string, isSecret: boolean): Value {
  try {
    return valueOfData(readJson(text), call.definition, isSecret);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    call.failOperand(0, 'decoding-failed', `decoding JSON string: ${error.message}`);
    const result = unknownResult(call, ALWAYS);
    result.secret = isSecret;
    return result;
  }
}
