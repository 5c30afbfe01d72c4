import type { ByteString } from '../language/ast';
import { contentsOf } from '../values/contents';
import { type Repr, Value } from '../values/value';
import { limitLength } from '../values/limits';
import type { Schema } from '../values/schema';
import type { Call } from './function';

/** A result that is unknown because an operand does not fit or the host has not answered. */
export function unknownResult(call: Call, schema: Schema = call.schema, isPending = false): Value {
  return Value.unknown(call.definition, schema, { pending: isPending });
}

/**
 * Computes a function of operands: unknown where one of them holds an unknown, secret where one holds a secret
 * (language reference, section 8.4).
 *
 * @throws LimitError for operands whose texts are too long
 */
export function computeResult(
  call: Call,
  operands: readonly Value[],
  schema: Schema,
  compute: () => Repr,
  search = contentsOf,
): Value {
  const result = new Value(call.definition, schema);
  let textLength = 0;
  for (const operand of operands) {
    const contents = search(operand);
    result.unknown ||= contents.unknown;
    result.secret ||= contents.secret;
    result.pending ||= contents.pending;
    textLength += contents.textLength;
  }
  limitLength(textLength);
  if (!result.unknown) result.repr = compute();
  return result;
}

/** Passes an operand on under the call's own name, with the flags of all that it holds. */
export function passOn(call: Call, operand: Value, { keepsBase }: { readonly keepsBase: boolean }): Value {
  const result = new Value(call.definition, operand.schema, operand.repr);
  result.unknown = operand.unknown;
  result.secret = operand.secret;
  if (keepsBase) result.base = operand.base;
  result.rotateOnly = operand.rotateOnly;
  const contents = contentsOf(result);
  result.unknown = contents.unknown;
  result.secret = contents.secret;
  result.pending = operand.pending || contents.pending;
  return result;
}

/** The text of a value that has been typed as a string. */
export function textOf(value: Value): ByteString {
  return value.repr as ByteString;
}
