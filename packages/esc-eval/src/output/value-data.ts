import type { Position, Range } from '../diagnostics/range';
import type { Data } from '../values/data';
import type { ExportedValue } from '../values/exported-value';
import { record } from '../values/json-tree';
import { EscNumber } from '../values/number';

/** How evaluated environments are written as JSON data. */
export interface DataFormat {
  /** How much of each value's provenance to write: all of it, which grows with imports, or zero ranges; `full` unless said. */
  readonly trace?: 'full' | 'none';
  /**
   * The reference evaluator whose form to write (language reference, section 20): since `2026-08` values have a `value`
   * and ranges an `environment` also where they are null and empty. `0.25` unless said.
   */
  readonly lineage?: '0.25' | '2026-08';
}

const ZERO: Position = { line: 0, column: 0, byte: 0 };

/** Writes values and ranges as the ESC API has them (language reference, section 16). */
export class ValueWriter {
  readonly #hasTraces: boolean;
  readonly #isNewer: boolean;

  constructor({ trace = 'full', lineage = '0.25' }: DataFormat = {}) {
    this.#hasTraces = trace === 'full';
    this.#isNewer = lineage === '2026-08';
  }

  value({ value, secret, unknown, trace }: ExportedValue): Data {
    return record([
      ['value', value === null && !this.#isNewer ? undefined : this.#contents(value)],
      ['secret', secret ? true : undefined],
      ['unknown', unknown ? true : undefined],
      ['trace', this.#hasTraces ? this.#trace(trace) : record([['def', this.range({ begin: ZERO, end: ZERO })]])],
    ]);
  }

  range({ environment, begin, end }: Range): Data {
    return record([
      ['environment', environment ?? (this.#isNewer ? '' : undefined)],
      ['begin', positionData(begin)],
      ['end', positionData(end)],
    ]);
  }

  #trace({ def, base }: ExportedValue['trace']): Data {
    return record([
      ['def', this.range(def)],
      ['base', base === undefined ? undefined : this.value(base)],
    ]);
  }

  #contents(value: ExportedValue['value']): Data {
    if (Array.isArray(value)) return (value as readonly ExportedValue[]).map((item) => this.value(item));
    if (value instanceof Map) {
      return new Map([...(value as ReadonlyMap<string, ExportedValue>)].map(([key, item]) => [key, this.value(item)]));
    }
    return value as Data;
  }
}

function positionData({ line, column, byte }: Position): Data {
  return record([
    ['line', new EscNumber(String(line))],
    ['column', new EscNumber(String(column))],
    ['byte', new EscNumber(String(byte))],
  ]);
}
