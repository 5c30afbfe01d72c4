import { entriesOf, type ExportedValue, plainData } from 'esc-eval';

/** The text of an input; undefined where it is not given. */
export function textOf(inputs: ExportedValue | undefined, key: string): string | undefined {
  const value = entriesOf(inputs).get(key)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The texts of an input that is a list. */
export function textsOf(inputs: ExportedValue | undefined, key: string): string[] {
  const value = entriesOf(inputs).get(key)?.value;
  if (!Array.isArray(value)) return [];
  return (value as readonly ExportedValue[]).flatMap((item) => (typeof item.value === 'string' ? [item.value] : []));
}

/** What an input holds as plain data, secrets revealed: for the request that must send it. */
export function revealedInput(inputs: ExportedValue, key: string): unknown {
  const value = entriesOf(inputs).get(key);
  return value === undefined ? undefined : plainData(value, { reveal: true });
}
