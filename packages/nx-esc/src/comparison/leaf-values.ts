import { type ExportedValue, formatPropertyPath, type PathSegment, plainData, writeJson } from 'esc-eval';
import { fingerprintOf } from '../providers/value-fingerprint';

/** One value without parts of its own, to be compared with others. */
export interface LeafValue {
  readonly path: readonly PathSegment[];
  /** What is compared: the same for values that are, or will be, equal. It is never shown. */
  readonly fingerprint: string;
  readonly isSecret: boolean;
  readonly isUnknown: boolean;
  /** As JSON; none for secrets, and for what is not known. */
  readonly text?: string;
}

/** The leaves of a value by their paths; secrets that hold others are leaves themselves. */
export function leafValues(root: ExportedValue, path: readonly PathSegment[] = []): Map<string, LeafValue> {
  const found = new Map<string, LeafValue>();
  collect(root, path, found);
  return found;
}

function collect(exported: ExportedValue, path: readonly PathSegment[], found: Map<string, LeafValue>): void {
  const { value, secret = false, unknown = false } = exported;
  const isWhole = secret || unknown;
  if (!isWhole && Array.isArray(value) && value.length > 0) {
    (value as readonly ExportedValue[]).forEach((item, index) => collect(item, [...path, index], found));
  } else if (!isWhole && value instanceof Map && (value.size > 0 || path.length === 0)) {
    for (const [key, item] of value as ReadonlyMap<string, ExportedValue>) collect(item, [...path, key], found);
  } else {
    const kind = Array.isArray(value)
      ? 'array'
      : value instanceof Map
        ? 'object'
        : value === null
          ? 'null'
          : typeof value;
    found.set(formatPropertyPath(path), {
      path,
      // The text "1" is not the number 1; a secret is not what is no secret.
      fingerprint: `${secret ? 'secret' : 'plain'} ${unknown ? 'unknown' : kind} ${fingerprintOf(exported)}`,
      isSecret: secret,
      isUnknown: unknown,
      ...(!isWhole && {
        text: typeof value === 'string' ? JSON.stringify(value) : writeJson(plainData(exported, { reveal: false })),
      }),
    });
  }
}
