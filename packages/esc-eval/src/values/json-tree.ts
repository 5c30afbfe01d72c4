import type { Data } from './data';

/** Makes JSON data of pairs, leaving out those without a value. */
export function record(pairs: readonly (readonly [string, Data | undefined])[]): Data {
  return new Map(pairs.filter((pair): pair is readonly [string, Data] => pair[1] !== undefined));
}
