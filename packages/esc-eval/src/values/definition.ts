import type { Range } from '../diagnostics/range';
import type { Schema } from './schema';

/** What produced a value: an expression, an access bound late to an unknown one, or a synthetic root. */
export interface Definition {
  /** Undefined where no text defines the value. */
  readonly range: Range | undefined;
  /** Path from the document's root, for diagnostics. */
  readonly path: string;
  /** The sub-expression of an object or array literal, if this is one and has it. */
  child?(accessor: string | number): Definition | undefined;
}

/** Anything that something produced. */
export interface Defined {
  readonly def: Definition;
}

/** An access to a part of an unknown value: what it yields is found out when the value is known. */
export class LateAccess implements Definition {
  private constructor(
    readonly range: Range | undefined,
    readonly path: string,
    readonly receiver: Definition,
    readonly accessors: readonly (string | number)[],
    /** Where the first of the accessors was asked for. */
    readonly firstRange: Range | undefined,
    readonly schema: Schema,
    /** What the value of the first access was merged over. */
    readonly base: Defined | undefined,
  ) {}

  /** Creates the access asked for at `site`; an access to an access keeps the first receiver, and what it was merged over. */
  static create(
    site: Definition,
    receiver: Definition,
    accessor: string | number,
    { schema, base }: { readonly schema: Schema; readonly base?: Defined },
  ): LateAccess {
    if (!(receiver instanceof LateAccess))
      return new LateAccess(site.range, site.path, receiver, [accessor], site.range, schema, base);
    const accessors = [...receiver.accessors, accessor];
    const { firstRange } = receiver;
    return new LateAccess(site.range, site.path, receiver.receiver, accessors, firstRange, schema, receiver.base);
  }
}

/** The definition of values that no text defines. */
export const SYNTHETIC: Definition = { range: undefined, path: '' };
