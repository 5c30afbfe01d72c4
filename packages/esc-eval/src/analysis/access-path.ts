import { Expr } from '../evaluation/expr';
import type { Accessor, PropertyAccess } from '../language/ast';
import type { PathSegment } from '../language/property-path';
import { type Definition, LateAccess, SYNTHETIC } from '../values/definition';
import { ALWAYS } from '../values/schema';
import { Value } from '../values/value';

/** What defines a value; for a part of the result of a call, which part. */
export interface Place {
  readonly def: Definition;
  readonly part: readonly PathSegment[];
}

/** What an access leads to. */
export interface Access {
  readonly value: Value;
  readonly place: Place;
}

/** Follows an access as evaluation did. */
export function followAccess(expr: Expr, { accessors }: PropertyAccess): Access {
  let place: Place | undefined;
  for (const accessor of accessors) {
    const resolved = expr.resolved?.get(accessor) ?? expr;
    // An accessor that leads nowhere, or to another environment as a whole, stands for the expression itself.
    place = resolved === expr ? { def: SYNTHETIC, part: [] } : partOf(place, resolved, segmentOf(accessor));
  }
  const value = reachedBy(expr, accessors) ?? Value.unknown(SYNTHETIC, ALWAYS);
  return { value, place: place ?? { def: SYNTHETIC, part: [] } };
}

/** The value that a reference copies; undefined for what is no reference. */
export function targetOf(expr: Expr): Value | undefined {
  return expr.syntax?.kind === 'symbol' ? reachedBy(expr, expr.syntax.access.accessors) : undefined;
}

export function segmentOf(accessor: Accessor): PathSegment {
  return accessor.kind === 'key' ? accessor.key : accessor.index;
}

function reachedBy(expr: Expr, accessors: readonly Accessor[]): Value | undefined {
  const last = accessors.at(-1) as Accessor;
  const reached = expr.reached?.get(last);
  if (reached !== undefined) return reached;
  const resolved = expr.resolved?.get(last);
  return resolved instanceof Expr && resolved !== expr ? resolved.value : undefined;
}

/**
 * The place of a property of what is at `receiver`. Properties of a call's result have no definition of their own: they
 * are told by the way to them.
 */
export function partOf(receiver: Place | undefined, def: Definition, segment: PathSegment): Place {
  if (receiver !== undefined) {
    const source = sourceOf(receiver);
    const isWithin = def instanceof LateAccess || (def === source && def instanceof Expr && def.call !== undefined);
    if (isWithin) return { def: receiver.def, part: [...receiver.part, segment] };
  }
  return placeOf(def);
}

/** The place of a value by its definition alone. */
export function placeOf(def: Definition): Place {
  return def instanceof LateAccess ? { def: def.receiver, part: def.accessors } : { def, part: [] };
}

/** What defines what a place copies, through all copies. */
function sourceOf({ def }: Place): Definition {
  const seen = new Set<Definition>();
  let source = def;
  while (source instanceof Expr && source.syntax?.kind === 'symbol' && !seen.has(source)) {
    seen.add(source);
    source = followAccess(source, source.syntax.access).place.def;
  }
  return source;
}

/** How many values lie beneath and including one. */
export function lengthOfChain(value: Value | undefined): number {
  let length = 0;
  for (let each = value; each !== undefined; each = each.base) length += 1;
  return length;
}
