import type { PathSegment } from '../language/property-path';
import type { ExportedValue } from '../values/exported-value';

/** Finds a part of a value by its path; undefined where there is none. */
export function findProperty(root: ExportedValue, path: readonly PathSegment[]): ExportedValue | undefined {
  let current: ExportedValue | undefined = root;
  for (const segment of path) {
    const value: ExportedValue['value'] | undefined = current?.value;
    if (Array.isArray(value))
      current = typeof segment === 'number' ? (value[segment] as ExportedValue | undefined) : undefined;
    else if (value instanceof Map) current = (value as ReadonlyMap<string, ExportedValue>).get(String(segment));
    else return undefined;
  }
  return current;
}

/** The entries of an object by key; none for anything else. */
export function entriesOf(value: ExportedValue | undefined): ReadonlyMap<string, ExportedValue> {
  return value?.value instanceof Map
    ? (value.value as ReadonlyMap<string, ExportedValue>)
    : new Map<string, ExportedValue>();
}
