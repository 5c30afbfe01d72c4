import type { FunctionCall } from '../language/ast';
import { decodeUtf8, encodeUtf8, hasEscapedBytes, normalizeBytes } from '../language/byte-string';
import { limitLength, limitText } from '../values/limits';
import { STRING, STRINGS, tupleSchema } from '../values/schema';
import { Value } from '../values/value';
import type { Argument, BuiltinFunction, Call, ReportShape } from './function';
import { Base64Error, decodeBase64 } from './base64';
import { computeResult, textOf, unknownResult } from './results';

function readPair(call: FunctionCall, report: ReportShape): Argument {
  const { argument } = call;
  if (argument.kind === 'array' && argument.elements.length === 2) {
    return { shape: 'list', range: argument.range, operands: argument.elements };
  }
  report(`the argument to ${call.name} must be a two-valued list`, argument);
  return { shape: 'list', range: argument.range, operands: [null, null] };
}

export function readSingle(call: FunctionCall): Argument {
  return { shape: 'single', operand: call.argument };
}

/** `fn::join: [delimiter, strings]` */
export const join: BuiltinFunction = {
  schema: STRING,
  argumentSchema: tupleSchema([STRING, STRINGS]),
  readArgument: readPair,
  evaluate(call: Call): Value {
    const delimiter = call.typed(0, STRING);
    const strings = call.typed(1, STRINGS);
    if (delimiter === undefined || strings === undefined) return unknownResult(call);
    return computeResult(call, [delimiter, strings], STRING, () => {
      const texts = (strings.repr as readonly Value[]).map(textOf);
      limitLength(texts.length * textOf(delimiter).length);
      return limitText(normalizeBytes(texts.join(textOf(delimiter))));
    });
  },
};

/** `fn::split: [delimiter, string]` */
export const split: BuiltinFunction = {
  schema: STRINGS,
  argumentSchema: tupleSchema([STRING, STRING]),
  readArgument: readPair,
  evaluate(call: Call): Value {
    const delimiter = call.typed(0, STRING);
    const text = call.typed(1, STRING);
    if (delimiter === undefined || text === undefined) return unknownResult(call);
    return computeResult(call, [delimiter, text], STRINGS, () =>
      splitBytes(textOf(text), textOf(delimiter)).map((part) => new Value(call.definition, STRING, part)),
    );
  },
};

/** Splits by bytes, so that an escaped byte is never taken for a part of a character, nor the other way round. */
function splitBytes(text: string, delimiter: string): string[] {
  if (delimiter === '') return [...text];
  if (!hasEscapedBytes(text) && !hasEscapedBytes(delimiter)) return text.split(delimiter);
  const bytes = Buffer.from(encodeUtf8(text));
  const needle = Buffer.from(encodeUtf8(delimiter));
  const parts: string[] = [];
  let start = 0;
  for (let found = bytes.indexOf(needle); found >= 0; found = bytes.indexOf(needle, start)) {
    parts.push(decodeUtf8(bytes.subarray(start, found)));
    start = found + needle.length;
  }
  return [...parts, decodeUtf8(bytes.subarray(start))];
}

/** `fn::toBase64: string` */
export const toBase64: BuiltinFunction = {
  schema: STRING,
  argumentSchema: STRING,
  readArgument: readSingle,
  evaluate(call: Call): Value {
    const text = call.typed(0, STRING);
    if (text === undefined) return unknownResult(call);
    return computeResult(call, [text], STRING, () => Buffer.from(encodeUtf8(textOf(text))).toString('base64'));
  },
};

/** `fn::fromBase64: string` */
export const fromBase64: BuiltinFunction = {
  schema: STRING,
  argumentSchema: STRING,
  readArgument: readSingle,
  evaluate(call: Call): Value {
    const text = call.typed(0, STRING);
    if (text === undefined) return unknownResult(call);
    const result = computeResult(call, [text], STRING, () => null);
    if (result.unknown) return result;
    try {
      result.repr = decodeUtf8(decodeBase64(encodeUtf8(textOf(text))));
    } catch (error) {
      if (!(error instanceof Base64Error)) throw error;
      call.fail('decoding-failed', `decoding base64 string: ${error.message}`);
      result.unknown = true;
    }
    return result;
  },
};
