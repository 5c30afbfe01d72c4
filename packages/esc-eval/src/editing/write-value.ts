import type { Data } from '../values/data';
import { EscNumber } from '../values/number';
import { writeYamlScalar } from '../values/yaml-scalar';

/** Writes a key of a map. */
export function writeKey(key: string, place: 'key' | 'flow'): string {
  return writeYamlScalar(key, { place });
}

/**
 * Writes what stands behind the colon of a key at `margin`: on the same line after a space, or on lines of its own.
 */
export function writeBlockValue(data: Data, margin: string, step: string, inner = margin + step): string {
  if (data instanceof Map && data.size > 0) {
    const entries = [...(data as ReadonlyMap<string, Data>)];
    return entries
      .map(([key, item]) => `\n${inner}${writeKey(key, 'key')}:${writeBlockValue(item, inner, step)}`)
      .join('');
  }
  if (Array.isArray(data) && data.length > 0) {
    return (data as readonly Data[]).map((item) => `\n${inner}${writeItem(item, inner, step)}`).join('');
  }
  return ` ${writeLeaf(data, (text) => writeYamlScalar(text, { place: 'block', margin: inner, indent: step.length }))}`;
}

/** Writes an item of a list whose dash stands at `margin`. */
export function writeItem(data: Data, margin: string, step: string): string {
  const inner = `${margin}  `;
  const written = writeBlockValue(data, margin, step, inner);
  return written.startsWith('\n') ? `- ${written.slice(1 + inner.length)}` : `-${written}`;
}

/** Writes a value within brackets, on one line. */
export function writeFlowValue(data: Data): string {
  if (data instanceof Map) {
    const entries = [...(data as ReadonlyMap<string, Data>)];
    return `{${entries.map(([key, item]) => `${writeKey(key, 'flow')}: ${writeFlowValue(item)}`).join(', ')}}`;
  }
  if (Array.isArray(data)) return `[${(data as readonly Data[]).map(writeFlowValue).join(', ')}]`;
  return writeLeaf(data, (text) => writeYamlScalar(text, { place: 'flow' }));
}

function writeLeaf(data: Data, writeText: (text: string) => string): string {
  if (Array.isArray(data)) return '[]';
  if (data instanceof Map) return '{}';
  if (data instanceof EscNumber) return data.text;
  return typeof data === 'string' ? writeText(data) : String(data);
}
