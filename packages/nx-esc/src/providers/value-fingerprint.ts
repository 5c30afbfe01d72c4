import { createHash } from 'node:crypto';
import type { ExportedValue } from 'esc-eval';

/**
 * A text that two values share if they are equal, and if what is unknown in them stands for the same. Secrets do not show
 * in it.
 */
export function fingerprintOf({ value, unknown: isUnknown, secret, symbol }: ExportedValue): string {
  return secret ? createHash('sha256').update(contents()).digest('base64url') : contents();

  function contents(): string {
    if (isUnknown) return `unknown ${symbol ?? ''}`;
    if (Array.isArray(value)) return `[${(value as readonly ExportedValue[]).map(fingerprintOf).join(',')}]`;
    if (value instanceof Map) {
      const entries = [...(value as ReadonlyMap<string, ExportedValue>)];
      return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${fingerprintOf(item)}`).join(',')}}`;
    }
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  }
}
