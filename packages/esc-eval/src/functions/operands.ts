import type { Expression } from '../language/ast';

/**
 * Reads named operands out of an object literal; keys beside them are ignored. Answers undefined where the argument is
 * no object literal, and null for each operand that it lacks.
 */
export function readOperands(
  argument: Expression,
  names: readonly string[],
): Map<string, Expression | null> | undefined {
  if (argument.kind !== 'object') return undefined;
  const operands = new Map<string, Expression | null>(names.map((name) => [name, null]));
  for (const entry of argument.entries) if (operands.has(entry.key)) operands.set(entry.key, entry.value);
  return operands;
}
