import type { Data } from '../values/data';
import type { ExportedValue } from '../values/exported-value';

/** Plain data of a value, with secrets shown as `[secret]` unless they are to be revealed (language reference, section 16). */
export function plainData(exported: ExportedValue, { reveal }: { readonly reveal: boolean }): Data {
  if (exported.secret && !reveal) return '[secret]';
  if (exported.unknown) return '[unknown]';
  const { value } = exported;
  if (Array.isArray(value)) return (value as readonly ExportedValue[]).map((item) => plainData(item, { reveal }));
  if (!(value instanceof Map)) return value as Data;
  return new Map(
    [...(value as ReadonlyMap<string, ExportedValue>)].map(([key, item]) => [key, plainData(item, { reveal })]),
  );
}
