/** Nesting beyond this is refused, so that no recursion over a document can exhaust the stack. */
export const MAXIMUM_DEPTH = 500;

/** A document that is nested more deeply than allowed. */
export class NestingError extends Error {
  constructor() {
    super(`values are nested more than ${MAXIMUM_DEPTH} levels deep`);
  }
}
