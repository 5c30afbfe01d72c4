/**
 * Deliberate differences from the reference evaluator; docs/differences.md gives the reasons at length. Answers the
 * reason for a difference, or undefined where it is a fault.
 */
export function explain(difference) {
  return RULES.find(({ applies }) => applies(difference))?.reason;
}

const RULES = [
  {
    reason: "the wording of Go's JSON decoder",
    applies: ({ expected, actual }) =>
      /fromJSON|JSON/.test(expected) && /decoding JSON|parsing JSON/.test(expected) && actual !== undefined && false,
  },
];
