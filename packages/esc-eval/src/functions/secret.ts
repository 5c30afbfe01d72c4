import { createSyntheticRange } from '../diagnostics/range';
import type { FunctionCall, StringLiteral } from '../language/ast';
import { decodeUtf8 } from '../language/byte-string';
import { ALWAYS, STRING } from '../values/schema';
import { Value } from '../values/value';
import { EnvelopeError, openEnvelope } from './envelope';
import type { Argument, BuiltinFunction, Call, ReportShape } from './function';

/** `fn::secret: text` and `fn::secret: {ciphertext: envelope}` (language reference, sections 12 and 17) */
export const secret: BuiltinFunction = {
  schema: STRING,
  argumentSchema: ALWAYS,
  readArgument(call: FunctionCall, report: ReportShape): Argument {
    const { argument } = call;
    if (argument.kind === 'string') return { shape: 'single', operand: argument };
    const ciphertext = argument.kind === 'object' && argument.entries.length === 1 ? argument.entries[0] : undefined;
    if (ciphertext?.key === 'ciphertext' && ciphertext.value.kind === 'string') {
      return { shape: 'object', range: argument.range, operands: new Map([['ciphertext', ciphertext.value]]) };
    }
    report('secret values must be string literals', argument);
    const range = createSyntheticRange();
    const empty: StringLiteral = { kind: 'string', range, path: '', value: '', raw: '' };
    return { shape: 'single', operand: empty };
  },
  evaluate(call: Call): Value {
    const ciphertext = call.operandSyntax('ciphertext');
    if (ciphertext !== null) return decryptSecret(call, (ciphertext as StringLiteral).value);
    const value = call.evaluate(0);
    value.secret = true;
    return value;
  },
};

function decryptSecret(call: Call, envelope: string): Value {
  const hidden = (isPending = false): Value =>
    Value.unknown(call.definition, STRING, { secret: true, pending: isPending });
  let ciphertext: Uint8Array;
  try {
    ciphertext = openEnvelope(envelope);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    call.fail('invalid-ciphertext', `invalid ciphertext: ${error.message}`);
    return hidden();
  }
  if (call.mode === 'check' && !call.revealsSecrets) return hidden();
  const answer = call.decrypt(ciphertext);
  if (answer.state === 'pending') return hidden(true);
  if (answer.state === 'failed') {
    call.fail('decryption-failed', `decrypting: ${answer.message}`, call.definition, answer.hint);
    return hidden();
  }
  const value = new Value(call.definition, STRING, decodeUtf8(answer.value as Uint8Array));
  value.secret = true;
  return value;
}
