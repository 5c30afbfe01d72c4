import type { ByteString } from '../language/ast';
import { sortKeys } from '../language/byte-string';
import { type Definition, LateAccess } from './definition';
import { LimitError, MAXIMUM_DEPTH } from './limits';
import type { EscNumber } from './number';
import { DeferredSchema, type SchemaSource } from './deferred-schema';
import { itemSchema, mergedSchema, NEVER, propertySchema, type Schema } from './schema';

export type Repr = null | boolean | EscNumber | ByteString | readonly Value[] | ReadonlyMap<ByteString, Value>;

export interface ValueFlags {
  readonly unknown?: boolean;
  readonly secret?: boolean;
  readonly final?: boolean;
  readonly rotateOnly?: boolean;
  /** Waits for an answer of the host; the next pass of the evaluation will know more. */
  readonly pending?: boolean;
}

const mergeSchemas = ([base, top]: readonly Schema[]): Schema => mergedSchema(base, top as Schema);
/** A chain of bases that is longer than this is searched by an index. */
const LONG_CHAIN = 32;
const NO_KEYS: readonly ByteString[] = [];

/**
 * A value under evaluation (language reference, section 8.1): what it is, what describes it, where it comes from, and
 * the value that it was merged over.
 */
export class Value {
  repr: Repr = null;
  base: Value | undefined;
  unknown = false;
  secret = false;
  final = false;
  rotateOnly = false;
  pending = false;
  /** Of an unknown value in a symbolic check: a text that is the same where the values will be. */
  symbol: string | undefined;
  /** How many values there are in a copy, itself included; what it was merged over does not count. */
  parts = 1;
  #schema: SchemaSource;
  #keys: readonly ByteString[] | undefined;
  /** The last value beneath this one whose keys count, once they have been asked for. */
  #lastBase: Value | undefined;
  #late: Map<ByteString, Value> | undefined;
  #chainIndex: ChainIndex | undefined;

  constructor(
    public def: Definition,
    schema: SchemaSource,
    repr: Repr = null,
  ) {
    this.#schema = schema;
    this.repr = repr;
  }

  get schema(): Schema {
    return (this.#schema = DeferredSchema.resolve(this.#schema));
  }

  /** The schema as it is now, perhaps not computed yet. */
  get schemaSource(): SchemaSource {
    return this.#schema;
  }

  /** A value that is not known, of which only the schema is. */
  static unknown(def: Definition, schema: Schema, flags: ValueFlags = {}): Value {
    const value = new Value(def, schema);
    value.unknown = true;
    value.secret = flags.secret ?? false;
    value.rotateOnly = flags.rotateOnly ?? false;
    value.pending = flags.pending ?? false;
    return value;
  }

  get isMap(): boolean {
    return this.repr instanceof Map;
  }

  /** Tells whether properties may be looked up: an object, or an unknown that may turn out to be one. */
  get isObject(): boolean {
    if (this.unknown) return this.schema.always === true || this.schema.type === 'object';
    return this.repr instanceof Map;
  }

  /**
   * Own keys and those of the objects beneath, sorted by bytes. Found once: what is merged beneath the value later does
   * not show (the order quirk of language reference, section 11.3).
   */
  keys(): readonly ByteString[] {
    if (this.#keys === undefined) this.#keys = this.repr instanceof Map ? this.#collectKeys(this.repr) : NO_KEYS;
    return this.#keys;
  }

  #collectKeys(own: ReadonlyMap<ByteString, Value>): readonly ByteString[] {
    const keys = new Set(own.keys());
    if (this.base === undefined || this.#lastBase === this) return sortKeys(keys);
    const chain: Value[] = [];
    const end = this.#lastBase;
    for (let base: Value | undefined = this.base; base?.repr instanceof Map; base = base.base) {
      const known = base.#keys ?? (base.repr as ReadonlyMap<ByteString, Value>).keys();
      for (const key of known) keys.add(key);
      chain.push(base);
      if (base.#keys !== undefined || base === end || base.#lastBase === base) break;
    }
    const last = chain.at(-1);
    for (const base of chain) base.#lastBase ??= last;
    return sortKeys(keys);
  }

  /** Looks a property up, in the value and then in what it was merged over. `site` is what asks. */
  property(key: ByteString, site: Definition): Value | undefined {
    if (!(this.repr instanceof Map)) return this.unknown ? this.#mergedLateProperty(key, site) : undefined;
    const own = (this.repr as ReadonlyMap<ByteString, Value>).get(key);
    if (own !== undefined) return own;
    return this.#inherited(key, site);
  }

  /** A property of what lies beneath this value. */
  #inherited(key: ByteString, site: Definition): Value | undefined {
    if (this.#chainIndex !== undefined) return this.#chainIndex.property(key, site);
    let steps = 0;
    for (let base = this.base; base !== undefined; base = base.base) {
      if (!(base.repr instanceof Map)) return base.property(key, site);
      const property = (base.repr as ReadonlyMap<ByteString, Value>).get(key);
      if (property !== undefined) return property;
      steps += 1;
      if (steps > LONG_CHAIN) return this.#indexChain().property(key, site);
    }
    return undefined;
  }

  #indexChain(): ChainIndex {
    this.#chainIndex = new ChainIndex();
    const chain: Value[] = [];
    let base = this.base;
    for (; base?.repr instanceof Map; base = base.base) chain.push(base);
    this.#chainIndex.tail = base;
    for (const value of chain.reverse()) this.#chainIndex.add(value.repr as ReadonlyMap<ByteString, Value>);
    return this.#chainIndex;
  }

  /** The same value each time: what is merged with it twice is merged once. */
  #mergedLateProperty(key: ByteString, site: Definition): Value {
    const known = this.#late?.get(key);
    if (known !== undefined) return known;
    const base = this.base?.property(key, site);
    const schema = this.schema.always === true ? NEVER : propertySchema(this.schema, key);
    const value = this.#createLate(key, schema, site, base);
    value.base = base;
    (this.#late ??= new Map()).set(key, value);
    return value;
  }

  /** A property of a value that is not known, apart from what the value was merged over. */
  lateProperty(key: ByteString, site: Definition): Value {
    return this.#createLate(key, propertySchema(this.schema, key), site);
  }

  /** An item of a value that is not known. */
  lateItem(index: number, site: Definition): Value {
    return this.#createLate(index, itemSchema(this.schema, index), site);
  }

  #createLate(accessor: string | number, schema: Schema, site: Definition, base?: Value): Value {
    const { rotateOnly, pending } = this;
    const value = Value.unknown(LateAccess.create(site, this.def, accessor, { schema, base }), schema, {
      rotateOnly,
      pending,
    });
    if (this.symbol !== undefined) value.symbol = `${this.symbol}[${JSON.stringify(accessor)}]`;
    return value;
  }

  /**
   * Copies the value and all that it holds, its base included, so that merging the copy leaves the value alone. What
   * is shared within the value is shared within the copy.
   *
   * @throws LimitError for values nested too deeply.
   */
  copy(def: Definition = this.def): Value {
    const copy = this.#copy(new Map(), 0);
    copy.def = def;
    return copy;
  }

  #copy(copies: Map<Value, Value>, depth: number): Value {
    if (depth > MAXIMUM_DEPTH) throw new LimitError(`values are nested more than ${MAXIMUM_DEPTH} levels deep`);
    const known = copies.get(this);
    if (known !== undefined) return known;
    const copy = new Value(this.def, this.#schema);
    copies.set(this, copy);
    const copyPart = (value: Value): Value => {
      const part = value.#copy(copies, depth + 1);
      copy.parts += part.parts;
      return part;
    };
    const copyMap = (values: ReadonlyMap<ByteString, Value>): Map<ByteString, Value> => {
      const copied = new Map<ByteString, Value>();
      for (const [key, value] of values) copied.set(key, copyPart(value));
      return copied;
    };
    const { repr } = this;
    if (Array.isArray(repr)) copy.repr = (repr as readonly Value[]).map(copyPart);
    else copy.repr = repr instanceof Map ? copyMap(repr as ReadonlyMap<ByteString, Value>) : repr;
    if (this.#late !== undefined) copy.#late = copyMap(this.#late);
    copy.unknown = this.unknown;
    copy.secret = this.secret;
    copy.final = this.final;
    copy.rotateOnly = this.rotateOnly;
    copy.pending = this.pending;
    copy.symbol = this.symbol;
    if (this.base !== undefined) copy.base = this.base.#copy(copies, depth + 1);
    return copy;
  }

  /** Puts a value beneath this one (language reference, section 11.3). */
  merge(base: Value | undefined): void {
    if (base === undefined || base === this) return;
    if (this.base === undefined) this.#adopt(base);
    else {
      this.base.merge(base);
      this.#chainIndex = undefined;
    }
    if (this.repr instanceof Map) {
      for (const [key, own] of this.repr as ReadonlyMap<ByteString, Value>) own.merge(this.#inherited(key, own.def));
    }
    this.#schema = new DeferredSchema([(this.base as Value).#schema, this.#schema], mergeSchemas);
  }

  /** A base whose chain is indexed passes the index on: each of thousands of imports is merged over all before it. */
  #adopt(base: Value): void {
    this.base = base;
    if (base.#chainIndex === undefined || !(base.repr instanceof Map)) return;
    this.#chainIndex = base.#chainIndex;
    this.#chainIndex.add(base.repr as ReadonlyMap<ByteString, Value>);
    base.#chainIndex = undefined;
  }

  /** Marks the value and everything in it; a part that is secret already is left as it is, as in the reference. */
  markSecret(): void {
    this.secret = true;
    const parts = Array.isArray(this.repr)
      ? (this.repr as readonly Value[])
      : this.repr instanceof Map
        ? this.repr.values()
        : [];
    for (const part of parts as Iterable<Value>) if (!part.secret) part.markSecret();
  }
}

/** The properties of all that lies beneath a value, the nearest for each key. */
class ChainIndex {
  readonly #properties = new Map<ByteString, Value>();
  /** What lies beneath the last object. */
  tail: Value | undefined;

  add(properties: ReadonlyMap<ByteString, Value>): void {
    for (const [key, value] of properties) this.#properties.set(key, value);
  }

  property(key: ByteString, site: Definition): Value | undefined {
    return this.#properties.get(key) ?? this.tail?.property(key, site);
  }
}
