import { quote } from '../diagnostics/quote';
import { sortKeys } from '../language/byte-string';
import type { ExportedValue } from '../values/exported-value';
import { limitText } from '../values/limits';
import { EscNumber } from '../values/number';

/** Converts a value to a string as the ESC CLI does (language reference, section 12.1), merged keys included. @throws LimitError */
export function textOfValue(exported: ExportedValue): string {
  const { value } = exported;
  if (exported.unknown) return '[unknown]';
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof EscNumber) return value.text;
  if (Array.isArray(value))
    return limitText((value as readonly ExportedValue[]).map((item) => quote(textOfValue(item))).join(','));
  const entries = value as ReadonlyMap<string, ExportedValue>;
  const pairs = sortKeys(entries.keys()).map(
    (key) => `${quote(key)}=${quote(textOfValue(entries.get(key) as ExportedValue))}`,
  );
  return limitText(pairs.join(','));
}
