import type { ByteString } from '../language/ast';
import type { Value } from './value';

/** What a value holds anywhere in it, merged keys included. */
export interface Contents {
  unknown: boolean;
  secret: boolean;
  pending: boolean;
  /** Unknown for another reason than that it is evaluated during rotation only. */
  observableUnknown: boolean;
  /** Characters of all texts. */
  textLength: number;
}

/** Searches a value for unknowns and secrets (language reference, section 8.4). */
export function contentsOf(value: Value): Contents {
  const contents = noContents();
  search(value, contents);
  return contents;
}

/** Searches a value's own keys alone, as far as its text goes when it is interpolated. */
export function ownContentsOf(value: Value): Contents {
  const contents = noContents();
  searchOwn(value, contents);
  return contents;
}

function noContents(): Contents {
  return { unknown: false, secret: false, pending: false, observableUnknown: false, textLength: 0 };
}

function search(value: Value, contents: Contents): void {
  note(value, contents);
  const { repr } = value;
  if (Array.isArray(repr)) {
    for (const item of repr as readonly Value[]) search(item, contents);
  } else if (repr instanceof Map) {
    for (let base = value.base; base !== undefined; base = base.base) if (base.pending) contents.pending = true;
    for (const key of value.keys()) search(value.property(key, value.def) as Value, contents);
  }
}

function searchOwn(value: Value, contents: Contents): void {
  note(value, contents);
  const { repr } = value;
  if (Array.isArray(repr)) for (const item of repr as readonly Value[]) searchOwn(item, contents);
  else if (repr instanceof Map)
    for (const item of (repr as ReadonlyMap<ByteString, Value>).values()) searchOwn(item, contents);
}

function note(value: Value, contents: Contents): void {
  if (value.unknown) contents.unknown = true;
  if (value.unknown && !value.rotateOnly) contents.observableUnknown = true;
  if (value.secret) contents.secret = true;
  if (typeof value.repr === 'string') contents.textLength += value.repr.length;
  if (value.pending) contents.pending = true;
}
