import type { ExportedValue } from '../values/exported-value';
import { writeJson } from '../values/json-writer';
import { writeYaml } from '../values/yaml-writer';
import { ValueWriter } from './value-data';
import { plainData } from './plain-data';
import { textOfValue } from './text-of-value';

/** Formats that show a whole environment or one of its values. */
export const VALUE_FORMATS = ['json', 'yaml', 'string', 'detailed'] as const;
export type ValueFormat = (typeof VALUE_FORMATS)[number];

/**
 * Renders a value as `esc open` prints it (language reference, section 18.2). Undefined stands for a path that leads
 * nowhere: `null` in JSON and YAML, an empty line as a string.
 */
export function renderValue(
  value: ExportedValue | undefined,
  format: ValueFormat,
  { reveal }: { readonly reveal: boolean },
): string {
  const data = value === undefined ? null : plainData(value, { reveal });
  switch (format) {
    case 'json':
      return `${writeJson(data, '  ')}\n`;
    case 'yaml':
      return writeYaml(data, 3);
    case 'detailed':
      return `${writeJson(value === undefined ? null : new ValueWriter().value(value), '  ')}\n`;
    case 'string': {
      const text = value === undefined ? '' : typeof data === 'string' ? data : textOfValue(value);
      return text.endsWith('\n') ? text : `${text}\n`;
    }
  }
}
