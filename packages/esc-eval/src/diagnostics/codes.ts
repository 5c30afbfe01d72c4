/**
 * Every diagnostic code of the language, stable across releases. Grouped by the phase that finds the fault; each has a
 * row in docs/diagnostics.md.
 */
export const DIAGNOSTIC_CODES = [
  // YAML layer
  'yaml-syntax',
  'yaml-alias',
  'yaml-key-not-string',
  'yaml-tag-cast',
  'document-not-object',
  // document grammar
  'unknown-field',
  'duplicate-field',
  'field-type',
  'import-syntax',
  'builtin-at-top-level',
  // interpolation and calls
  'interpolation-syntax',
  'object-key-not-string',
  'builtin-not-alone',
  'reserved-prefix',
  'builtin-argument',
  // evaluation
  'reserved-key',
  'duplicate-key',
  'cyclic-reference',
  'cyclic-import',
  'import-failed',
  'import-refused',
  'final-override',
  'unknown-property',
  'invalid-access',
  'invalid-ciphertext',
  'decryption-failed',
  'unknown-provider',
  'provider-failed',
  'rotation-failed',
  'decoding-failed',
  'encoding-failed',
  'invalid-schema',
  'schema-mismatch',
  'limit-exceeded',
  'internal',
] as const;

export type DiagnosticCode = (typeof DIAGNOSTIC_CODES)[number];
