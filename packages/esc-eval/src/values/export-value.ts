import { createSyntheticRange, type Range } from '../diagnostics/range';
import type { ByteString } from '../language/ast';
import type { ExportedData, ExportedValue } from './exported-value';
import type { Definition } from './definition';
import { fingerprintOf } from './fingerprint';
import { LimitError, type Value } from './value';

const IMPORTED = '<import>';
const MAXIMUM_DEPTH = 3000;

/** The range of a definition; one without text is named after the environment that asked. */
export function rangeOf(def: Definition, environment: string | undefined): Range {
  return def.range ?? createSyntheticRange(environment);
}

/**
 * Finishes a value as the API has it (language reference, section 16). What it was merged over is built only when
 * asked for.
 *
 * @throws LimitError for values nested too deeply.
 */
export function exportValue(value: Value, environment?: string): ExportedValue {
  return exportPart(value, environment, environment, 0);
}

/** `name` is what the value itself is named after if no text defines it, `environment` what is in it. */
function exportPart(
  value: Value,
  name: string | undefined,
  environment: string | undefined,
  depth: number,
): ExportedValue {
  if (depth > MAXIMUM_DEPTH) throw new LimitError(`values are nested more than ${MAXIMUM_DEPTH} levels deep`);
  return {
    value: exportRepr(value, environment, depth),
    ...(value.secret && { secret: true }),
    ...(value.unknown && { unknown: true }),
    ...(value.symbol !== undefined && { symbol: symbolOf(value) }),
    trace: new LazyTrace(value, name, environment, depth),
  };
}

/** What an unknown value will be rests on what it was merged over, too. */
function symbolOf(value: Value): string {
  return value.base === undefined ? (value.symbol as string) : fingerprintOf(value);
}

class LazyTrace {
  readonly def: Range;
  readonly #value: Value;
  readonly #environment: string | undefined;
  readonly #depth: number;
  #base: ExportedValue | undefined;

  constructor(value: Value, name: string | undefined, environment: string | undefined, depth: number) {
    this.def = rangeOf(value.def, name);
    this.#environment = environment;
    this.#value = value;
    this.#depth = depth;
  }

  get base(): ExportedValue | undefined {
    if (this.#value.base !== undefined)
      this.#base ??= exportPart(this.#value.base, IMPORTED, this.#environment, this.#depth + 1);
    return this.#base;
  }
}

function exportRepr(value: Value, environment: string | undefined, depth: number): ExportedData {
  const { repr } = value;
  if (Array.isArray(repr))
    return (repr as readonly Value[]).map((item) => exportPart(item, environment, environment, depth + 1));
  if (!(repr instanceof Map)) return repr as ExportedData;
  const entries = new Map<ByteString, ExportedValue>();
  for (const key of value.keys()) {
    const property = (repr as ReadonlyMap<ByteString, Value>).get(key) ?? value.property(key, value.def);
    entries.set(key, exportPart(property as Value, environment, environment, depth + 1));
  }
  return entries;
}
