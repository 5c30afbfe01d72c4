import { type Data, findSecretCalls, formatPropertyPath, removeFromText, setInText } from 'esc-eval';
import { keyOf, type Leaves } from './definition-leaves';
import type { Change } from './three-way';

const SECRET = 'fn::secret';

/**
 * Writes changes of leaves into a text, and leaves the rest of it as it is, comments and layout included. Secrets of the
 * changes stand in them as tokens; `envelopeOf` says what is written for one.
 */
export function applyChanges(
  name: string,
  source: string,
  changes: readonly Change[],
  after: Leaves,
  envelopeOf: (token: string) => string,
): string {
  const kept = holdersOf(after);
  let text = source;
  // What is removed goes first: what was a scalar may become a map.
  for (const { path, leaf } of changes) {
    if (leaf !== undefined) continue;
    text = kept.has(keyOf(path))
      ? setInText(name, text, [...path], new Map())
      : removeFromText(name, text, highestWithout(path, kept));
  }
  for (const { path, leaf } of changes) {
    if (leaf === undefined) continue;
    text = isCiphertext(name, text, path)
      ? setInText(name, text, [...path, 'ciphertext'], envelopeOf(String(leaf.data)))
      : setInText(name, text, [...path], withEnvelopes(leaf.data, path.at(-1) === SECRET, envelopeOf));
  }
  return text;
}

/** The keys of everything that is there: leaves and what holds them. */
function holdersOf(leaves: Leaves): ReadonlySet<string> {
  const holders = new Set<string>();
  for (const { path } of leaves.values()) {
    for (let length = 1; length <= path.length; length += 1) holders.add(keyOf(path.slice(0, length)));
  }
  return holders;
}

/** A map whose last entry goes does, too. */
function highestWithout(path: readonly string[], kept: ReadonlySet<string>): string[] {
  const length = path.findIndex((_, index) => !kept.has(keyOf(path.slice(0, index + 1)))) + 1;
  return path.slice(0, length);
}

function isCiphertext(name: string, text: string, path: readonly string[]): boolean {
  if (path.at(-1) !== SECRET) return false;
  const at = formatPropertyPath(path.slice(0, -1));
  return findSecretCalls(name, text).calls.some((call) => call.kind === 'ciphertext' && call.path === at);
}

function withEnvelopes(data: Data, isSecret: boolean, envelopeOf: (token: string) => string): Data {
  if (isSecret && typeof data === 'string') return new Map([['ciphertext', envelopeOf(data)]]);
  if (Array.isArray(data)) return (data as readonly Data[]).map((item) => withEnvelopes(item, false, envelopeOf));
  if (!(data instanceof Map)) return data;
  const entries = [...(data as ReadonlyMap<string, Data>)];
  const isCall = entries.length === 1;
  return new Map(entries.map(([key, value]) => [key, withEnvelopes(value, isCall && key === SECRET, envelopeOf)]));
}
