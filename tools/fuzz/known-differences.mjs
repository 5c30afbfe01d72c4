/**
 * Deliberate differences from the reference evaluator, with the reasons that docs/differences.md gives at length.
 * Answers the reason for a difference, or undefined where it is a fault.
 */
export function explain({ path, expected, actual }) {
  if (/(base\/){2}|(trace\/base\/?){2}/.test(path) && /"unknown":true|"access"/.test(`${expected}${actual}`))
    return 'how often an unknown value that was imported several times shows beneath itself';
  if (/invalid schema: failed to parse schema/.test(expected) && /invalid schema: schema keyword/.test(actual))
    return "the wording of Go's decoder for schemas";
  if (withoutSuggestion(expected) === withoutSuggestion(actual))
    return 'which of several equally near names is suggested';
  return undefined;
}

function withoutSuggestion(text) {
  return String(text).replace(/; did you mean .*$/, '');
}
