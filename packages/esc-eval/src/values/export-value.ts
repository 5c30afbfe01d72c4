import { createSyntheticRange, type Range } from '../diagnostics/range';
import type { ByteString } from '../language/ast';
import type { ExportedData, ExportedValue } from './exported-value';
import type { Definition } from './definition';
import { fingerprintOf } from './fingerprint';
import { LimitError } from './limits';
import type { Value } from './value';

const IMPORTED = '<import>';
const MAXIMUM_DEPTH = 3000;

/** The range of a definition; one without text is named after the environment that asked. */
export function rangeOf(def: Definition, environment: string | undefined): Range {
  return def.range ?? createSyntheticRange(environment);
}

/** What values that no text defines are named after: what they were first seen as, in the order of the export. */
type Names = Map<Value, string | undefined>;

/**
 * Finishes a value as the API has it (language reference, section 16). What it was merged over is built only when
 * asked for.
 *
 * @throws LimitError for values nested too deeply.
 */
export function exportValue(value: Value, environment?: string): ExportedValue {
  return exportPart(value, environment, new Map(), 0);
}

function exportPart(value: Value, environment: string | undefined, names: Names, depth: number): ExportedValue {
  if (depth > MAXIMUM_DEPTH) throw new LimitError(`values are nested more than ${MAXIMUM_DEPTH} levels deep`);
  if (value.def.range === undefined && !names.has(value)) names.set(value, environment);
  return {
    value: exportRepr(value, environment, names, depth),
    ...(value.secret && { secret: true }),
    ...(value.unknown && { unknown: true }),
    ...(value.symbol !== undefined && { symbol: symbolOf(value) }),
    trace: new LazyTrace(value, names, depth),
  };
}

/** What an unknown value will be rests on what it was merged over, too. */
function symbolOf(value: Value): string {
  return value.base === undefined ? (value.symbol as string) : fingerprintOf(value);
}

class LazyTrace {
  readonly def: Range;
  readonly #value: Value;
  readonly #names: Names;
  readonly #depth: number;
  #base: ExportedValue | undefined;

  constructor(value: Value, names: Names, depth: number) {
    this.def = value.def.range ?? createSyntheticRange(names.get(value));
    this.#value = value;
    this.#names = names;
    this.#depth = depth;
  }

  get base(): ExportedValue | undefined {
    if (this.#value.base !== undefined)
      this.#base ??= exportPart(this.#value.base, IMPORTED, this.#names, this.#depth + 1);
    return this.#base;
  }
}

function exportRepr(value: Value, environment: string | undefined, names: Names, depth: number): ExportedData {
  const { repr } = value;
  const part = (item: Value): ExportedValue => exportPart(item, environment, names, depth + 1);
  if (Array.isArray(repr)) return (repr as readonly Value[]).map(part);
  if (!(repr instanceof Map)) return repr as ExportedData;
  const entries = new Map<ByteString, ExportedValue>();
  for (const key of value.keys()) {
    const property = (repr as ReadonlyMap<ByteString, Value>).get(key) ?? value.property(key, value.def);
    entries.set(key, part(property as Value));
  }
  return entries;
}
