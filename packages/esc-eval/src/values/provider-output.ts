import type { ByteString } from '../language/ast';
import { createSyntheticRange } from '../diagnostics/range';
import { type Data, toData } from './data';
import type { Definition } from './definition';
import type { ExportedValue } from './exported-value';
import { EscNumber } from './number';
import { ALWAYS, literalSchema, recordSchema, type Schema, tupleSchema } from './schema';
import { Value } from './value';

class SecretOutput {
  constructor(readonly value: unknown) {}
}
class UnknownOutput {
  constructor(readonly symbol?: string) {}
}
class ExportedOutput {
  constructor(readonly exported: ExportedValue) {}
}

/** Marks a part of a provider's answer as secret, with everything in it. */
export function secret(value: unknown): unknown {
  return new SecretOutput(value);
}

/**
 * Stands for a part of a provider's answer that is not known yet. Two parts with the same `symbol` will turn out to be
 * equal: a symbolic check follows symbols.
 */
export function unknown(symbol?: string): unknown {
  return new UnknownOutput(symbol);
}

/** Turns a provider's answer into a value whose parts are all defined by the call (language reference, section 12.4). */
export function valueOfOutput(output: unknown, def: Definition): Value {
  const value = convert(output, def);
  if (value.secret) value.markSecret();
  return value;
}

/** Passes an exported value on as an answer, with its flags and where its parts come from. */
export function outputOfExported(exported: ExportedValue): unknown {
  return new ExportedOutput(exported);
}

/** Exports an answer as it stands, such as the new state of a rotated secret: only passed-on parts have a definition. */
export function exportOutput(output: unknown): ExportedValue {
  if (output instanceof ExportedOutput) return output.exported;
  if (output instanceof SecretOutput) return { ...exportOutput(output.value), secret: true };
  const trace = { def: createSyntheticRange() };
  if (output instanceof UnknownOutput) return { value: null, unknown: true, trace };
  if (Array.isArray(output)) return { value: output.map(exportOutput), trace };
  if (!isRecord(output)) return { value: toData(output) as ExportedValue['value'], trace };
  return { value: new Map(entriesOf(output).map(([key, item]) => [key, exportOutput(item)])), trace };
}

function convert(output: unknown, def: Definition): Value {
  if (output instanceof ExportedOutput) return convertExported(output.exported, def);
  if (output instanceof SecretOutput) {
    const value = convert(output.value, def);
    value.markSecret();
    return value;
  }
  if (output instanceof UnknownOutput) {
    const value = Value.unknown(def, ALWAYS);
    value.symbol = output.symbol;
    return value;
  }
  if (Array.isArray(output))
    return arrayOf(
      output.map((item) => convert(item, def)),
      def,
    );
  if (isRecord(output))
    return objectOf(
      entriesOf(output).map(([key, item]) => [key, convert(item, def)]),
      def,
    );
  const data = toData(output);
  return new Value(def, literalSchema(data), data as null | boolean | ByteString | EscNumber);
}

function convertExported({ value: data, secret: isSecret, unknown: isUnknown }: ExportedValue, def: Definition): Value {
  const value = isUnknown ? Value.unknown(def, ALWAYS) : convertExportedData(data, def);
  value.secret = isSecret === true;
  return value;
}

function convertExportedData(data: ExportedValue['value'], def: Definition): Value {
  if (Array.isArray(data))
    return arrayOf(
      (data as readonly ExportedValue[]).map((item) => convertExported(item, def)),
      def,
    );
  if (!(data instanceof Map))
    return new Value(def, literalSchema(data as Data), data as null | boolean | ByteString | EscNumber);
  const entries = [...(data as ReadonlyMap<string, ExportedValue>)];
  return objectOf(
    entries.map(([key, item]) => [key, convertExported(item, def)]),
    def,
  );
}

function arrayOf(items: readonly Value[], def: Definition): Value {
  return new Value(def, tupleSchema(items.map((item) => item.schema)), items);
}

function objectOf(entries: readonly (readonly [ByteString, Value])[], def: Definition): Value {
  const properties = new Map(entries);
  const schemas = new Map<string, Schema>([...properties].map(([key, property]) => [key, property.schema]));
  return new Value(def, recordSchema(schemas), properties);
}

function isRecord(output: unknown): output is object {
  return typeof output === 'object' && output !== null && !(output instanceof EscNumber);
}

function entriesOf(output: object): (readonly [string, unknown])[] {
  const entries: [unknown, unknown][] = output instanceof Map ? [...output] : Object.entries(output);
  return entries.filter(([, item]) => item !== undefined).map(([key, item]) => [String(key), item]);
}
