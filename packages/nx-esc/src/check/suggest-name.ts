import { nearestName } from 'esc-eval';

const LONGEST_LIST = 8;

/** `did you mean "x"?`, where one of the names is near enough. */
export function suggestName(written: string, names: readonly string[]): string | undefined {
  const nearest = nearestName(written, [...names].sort());
  return nearest === undefined ? undefined : `did you mean ${JSON.stringify(nearest)}?`;
}

/** The nearest of some names, or all of them if they are few. */
export function hintNames(written: string, names: readonly string[]): string {
  return suggestName(written, names) ?? listNames(names);
}

/** `there are: a, b, … (3 more)` */
export function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'there are none';
  const sorted = [...names].sort();
  const more = sorted.length > LONGEST_LIST ? `, … (${sorted.length - LONGEST_LIST} more)` : '';
  return `there are: ${sorted.slice(0, LONGEST_LIST).join(', ')}${more}`;
}
