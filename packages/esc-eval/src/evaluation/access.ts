import type { DiagnosticCode } from '../diagnostics/codes';
import type { FailedAccess } from '../diagnostics/diagnostic';
import { nearestName } from '../diagnostics/nearest';
import { quote } from '../diagnostics/quote';
import type { Accessor } from '../language/ast';
import { sortKeys } from '../language/byte-string';
import type { Definition } from '../values/definition';
import type { Value } from '../values/value';
import type { Expr } from './expr';

/** An access that leads nowhere. */
export class AccessError extends Error {
  constructor(
    message: string,
    readonly code: DiagnosticCode = 'invalid-access',
    /** The accessor at fault, where it is not the one being followed. */
    readonly accessor?: Accessor,
    /** The value that lacks the property. */
    readonly receiver?: Value,
  ) {
    super(message);
  }
}

/**
 * Takes one step into a literal expression (language reference, section 9). A property that only the base has is a
 * value; everything else stays an expression, so that siblings need not be evaluated.
 *
 * @throws AccessError
 */
export function stepIntoLiteral(receiver: Expr, accessor: Accessor, site: Definition): Expr | Value {
  if (receiver.elements !== undefined) {
    const index = requireIndex(accessor);
    checkBounds(index, receiver.elements.length);
    return receiver.elements[index] as Expr;
  }
  const key = requireKey(accessor);
  const properties = receiver.properties as ReadonlyMap<string, Expr>;
  const property = properties.get(key);
  if (property !== undefined) return property;
  if (receiver.base?.isObject === true) return stepIntoValue(receiver.base, accessor, site);
  throw unknownProperty(key, properties.keys());
}

/**
 * Takes one step into a value.
 *
 * @throws AccessError
 */
export function stepIntoValue(receiver: Value, accessor: Accessor, site: Definition): Value {
  if (receiver.unknown) return stepIntoUnknown(receiver, accessor, site);
  if (Array.isArray(receiver.repr)) {
    const index = requireIndex(accessor);
    checkBounds(index, receiver.repr.length);
    return receiver.repr[index] as Value;
  }
  if (!(receiver.repr instanceof Map)) throw new AccessError('receiver must be an array or an object');
  const key = requireKey(accessor);
  const own = (receiver.repr as ReadonlyMap<string, Value>).get(key);
  if (own !== undefined) return own;
  if (receiver.base?.isObject === true) return stepIntoValue(receiver.base, accessor, site);
  throw unknownProperty(key, lastBaseOf(receiver), receiver);
}

/** Names of the object at the end of the chain of bases: the only ones that suggestions are taken from. */
function lastBaseOf(receiver: Value): Iterable<string> {
  let last = receiver;
  while (last.base?.isObject === true) last = last.base;
  return last.repr instanceof Map ? (last.repr as ReadonlyMap<string, Value>).keys() : [];
}

function stepIntoUnknown(receiver: Value, accessor: Accessor, site: Definition): Value {
  const { schema } = receiver;
  if (schema.always !== true) {
    if (schema.type === 'array') {
      const index = requireIndex(accessor);
      if (schema.items?.never === true) checkBounds(index, schema.prefixItems?.length ?? 0);
    } else if (schema.type === 'object') requireKey(accessor);
    else throw new AccessError('receiver must be an array or an object');
  }
  return accessor.kind === 'key' ? receiver.lateProperty(accessor.key, site) : receiver.lateItem(accessor.index, site);
}

function requireIndex(accessor: Accessor): number {
  if (accessor.kind === 'key') throw new AccessError('cannot access an array element using a property name');
  if (accessor.index < 0) throw new AccessError('array indices must not be negative');
  return accessor.index;
}

export function requireKey(accessor: Accessor): string {
  if (accessor.kind === 'index') {
    throw new AccessError('cannot access an object property using an integer index', 'invalid-access', accessor);
  }
  return accessor.key;
}

function checkBounds(index: number, length: number): void {
  if (index >= length) throw new AccessError(`array index ${index} out-of-bounds for array of length ${length}`);
}

function unknownProperty(key: string, candidates: Iterable<string>, receiver?: Value): AccessError {
  const nearest = nearestName(key, sortKeys(candidates));
  const suggestion = nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`;
  return new AccessError(`unknown property ${quote(key)}${suggestion}`, 'unknown-property', undefined, receiver);
}

/** Describes an access that failed: the value that lacks the property, how it was reached, and what it has. */
export function failedAccess(receiver: Value, accessors: readonly Accessor[]): FailedAccess {
  return {
    receiver: accessors.map((accessor) => (accessor.kind === 'key' ? accessor.key : accessor.index)),
    definition: receiver.def.range ?? null,
    keys: receiver.keys(),
  };
}
