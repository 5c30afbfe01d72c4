import { createSyntheticRange, type Range } from '../diagnostics/range';
import type { ByteString } from '../language/ast';
import type { ExportedData, ExportedValue } from './exported-value';
import type { Definition } from './definition';
import { fingerprintOf } from './fingerprint';
import { LimitError, type Value } from './value';

const IMPORTED = '<import>';
const MAXIMUM_DEPTH = 3000;

/** The range of a definition; one without text is named after the environment that asked. */
export function rangeOf(def: Definition, environment: string): Range {
  return def.range ?? createSyntheticRange(environment);
}

/**
 * Finishes a value as the API has it (language reference, section 16). What it was merged over is built only when
 * asked for.
 *
 * @throws LimitError for values nested too deeply.
 */
export function exportValue(value: Value, environment: string, depth = 0): ExportedValue {
  if (depth > MAXIMUM_DEPTH) throw new LimitError(`values are nested more than ${MAXIMUM_DEPTH} levels deep`);
  return {
    value: exportRepr(value, environment, depth),
    ...(value.secret && { secret: true }),
    ...(value.unknown && { unknown: true }),
    ...(value.symbol !== undefined && { symbol: symbolOf(value) }),
    trace: new LazyTrace(value, environment, depth),
  };
}

/** What an unknown value will be rests on what it was merged over, too. */
function symbolOf(value: Value): string {
  return value.base === undefined ? (value.symbol as string) : fingerprintOf(value);
}

class LazyTrace {
  readonly def: Range;
  readonly #value: Value;
  readonly #depth: number;
  #base: ExportedValue | undefined;

  constructor(value: Value, environment: string, depth: number) {
    this.def = rangeOf(value.def, environment);
    this.#value = value;
    this.#depth = depth;
  }

  get base(): ExportedValue | undefined {
    if (this.#value.base !== undefined) this.#base ??= exportValue(this.#value.base, IMPORTED, this.#depth + 1);
    return this.#base;
  }
}

function exportRepr(value: Value, environment: string, depth: number): ExportedData {
  const { repr } = value;
  if (Array.isArray(repr)) return (repr as readonly Value[]).map((item) => exportValue(item, environment, depth + 1));
  if (!(repr instanceof Map)) return repr as ExportedData;
  const entries = new Map<ByteString, ExportedValue>();
  for (const key of value.keys()) {
    const property = (repr as ReadonlyMap<ByteString, Value>).get(key) ?? value.property(key, value.def);
    entries.set(key, exportValue(property as Value, environment, depth + 1));
  }
  return entries;
}
