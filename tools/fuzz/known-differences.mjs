/**
 * Deliberate differences from the reference evaluator, with the reasons that docs/differences.md gives at length.
 * Answers the reason for a difference, or undefined where it is a fault.
 */
export function explain({ path, expected, actual, reference, ours, text, isDamaged }) {
  if (isRefused(reference) && isRefused(ours)) return 'which YAML error a text has, and on which line: both refuse it';
  if (/[\u0085\u2028\u2029]|\r(?!\n)/.test(text)) return 'NEL, LS, PS and a CR alone are no line breaks';
  if (isDamaged && isRefused(reference) !== isRefused(ours)) return 'what is just about YAML, and what is just not';
  if (/["'[{][^\n]*\n[ \t]*[^\s]/.test(text) && hasSyntaxError(ours) && !hasSyntaxError(reference))
    return 'quoted scalars and flow collections go on in lines that are indented: YAML 1.2';
  if (/^\s*[[{][^\n]*[\]}]./m.test(text) && hasSyntaxError(reference))
    return 'what follows a document that is a flow collection is not read';
  if (/(base\/){2}|(trace\/base\/?){2}/.test(path) && /"unknown":true|"access"/.test(`${expected}${actual}`))
    return 'how often an unknown value that was imported several times shows beneath itself';
  if (isDamaged && /[{[,]\s*[?:]|:[}\],]|\s&\S*:/.test(text))
    return 'where a plain scalar ends in a flow collection: YAML 1.2';
  if (withoutSuggestion(expected) === withoutSuggestion(actual))
    return 'which of several equally near names is suggested';
  return undefined;
}

function withoutSuggestion(text) {
  return String(text).replace(/; did you mean .*$/, '');
}

const USELESS = ['environment must be an object', 'mapping keys must be strings', 'alias nodes are not supported'];

/** Nothing of the document can be used: it is no YAML, or no mapping with strings for keys. */
function isRefused(answer) {
  return hasSyntaxError(answer) || summaries(answer).some((summary) => USELESS.includes(summary));
}

function hasSyntaxError(answer) {
  return summaries(answer).some((summary) => summary.startsWith('yaml: '));
}

function summaries(answer) {
  return (answer.get('loadDiags') ?? []).map((diagnostic) => diagnostic.get('Summary'));
}
