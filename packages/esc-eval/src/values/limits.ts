/** A value that is larger, or nested more deeply, than the evaluator allows. */
export class LimitError extends Error {}

/** Values nested more deeply are not copied. */
export const MAXIMUM_DEPTH = 1500;
/** Parts of all values that an evaluation may copy: references to references grow exponentially. */
export const MAXIMUM_PARTS = 2 ** 20;
/** Characters of a text that a function or an interpolation may make. */
const MAXIMUM_TEXT = 2 ** 24;

/** @throws LimitError where a text would be longer than allowed */
export function limitLength(length: number): void {
  if (length > MAXIMUM_TEXT) throw new LimitError(`a text is longer than ${MAXIMUM_TEXT} characters`);
}

/** @throws LimitError where a text is longer than allowed */
export function limitText(text: string): string {
  limitLength(text.length);
  return text;
}
