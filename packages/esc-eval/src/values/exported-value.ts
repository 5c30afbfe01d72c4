import type { ByteString } from '../language/ast';
import type { Range } from '../diagnostics/range';
import type { EscNumber } from './number';

/**
 * A finished value as the ESC API has it (language reference, section 16): plain data in which every node carries its
 * flags and where it was defined. Object keys live in a Map, so no key can meet a prototype.
 */
export interface ExportedValue {
  readonly value: ExportedData;
  readonly secret?: boolean;
  readonly unknown?: boolean;
  /** Of an unknown value in a symbolic check: a text that is the same where the values will be. */
  readonly symbol?: string;
  readonly trace: Trace;
}

export type ExportedData =
  null | boolean | EscNumber | ByteString | readonly ExportedValue[] | ReadonlyMap<ByteString, ExportedValue>;

/** Where a value was defined, and the value that it was merged over. */
export interface Trace {
  readonly def: Range;
  readonly base?: ExportedValue;
}
