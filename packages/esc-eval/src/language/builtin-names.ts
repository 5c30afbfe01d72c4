/** The builtin functions of the language (language reference, sections 7 and 20), by the spelling that makes a call of a mapping. */
export const BUILTIN_NAMES: ReadonlySet<string> = new Set([
  'fn::concat',
  'fn::final',
  'fn::validate',
  'fn::fromJSON',
  'fn::fromBase64',
  'fn::join',
  'fn::open',
  'fn::rotate',
  'fn::secret',
  'fn::split',
  'fn::toBase64',
  'fn::toJSON',
  'fn::toString',
  'fn::toYAML',
]);

/** Tells whether a mapping with this single key is a call of a builtin function. */
export function isBuiltinName(key: string): boolean {
  return BUILTIN_NAMES.has(key) || key.startsWith('fn::open::') || key.startsWith('fn::rotate::');
}
