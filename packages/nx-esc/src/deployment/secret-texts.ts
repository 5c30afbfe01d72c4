import type { ExportedValue } from 'esc-eval';
import { escapeControls } from '../failures/escape-controls';

/** A secret text within a value. */
export interface SecretText {
  /** Where it is: `database.password`. */
  readonly path: string;
  readonly text: string;
}

/** Every secret text of a value that is known. */
export function secretsOf(exported: ExportedValue, path = '', isWithinSecret = false): SecretText[] {
  const isSecret = isWithinSecret || exported.secret === true;
  const { value } = exported;
  if (Array.isArray(value)) {
    const items = value as readonly ExportedValue[];
    return items.flatMap((item, index) => secretsOf(item, `${path}[${index}]`, isSecret));
  }
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, ExportedValue>)];
    return entries.flatMap(([key, item]) => secretsOf(item, propertyPath(path, key), isSecret));
  }
  if (!isSecret || value === null || exported.unknown === true) return [];
  return [{ path, text: String(value) }];
}

function propertyPath(parent: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${parent}[${escapeControls(JSON.stringify(key))}]`;
  return parent === '' ? key : `${parent}.${key}`;
}
