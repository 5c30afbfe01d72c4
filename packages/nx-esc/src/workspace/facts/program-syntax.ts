import { createRequire } from 'node:module';
import type { parse as Parse } from '@babel/parser';

/** The parts of Babel's syntax tree that are looked at here. */
export interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } };
  readonly [key: string]: unknown;
}

/** Undefined for a file that is in no state to be parsed: somebody is typing, and the compiler will tell them. */
export function parseProgram(text: string): Node | undefined {
  // A program mentions what is looked for; only then is the parser loaded.
  const { parse } = createRequire(__filename)('@babel/parser') as { readonly parse: typeof Parse };
  try {
    const { program } = parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      plugins: ['typescript', 'decorators', 'explicitResourceManagement', 'importAttributes'],
    });
    return program as unknown as Node;
  } catch {
    return undefined;
  }
}

export function propertyOf(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  const property = (node.properties as readonly Node[]).find(
    (each) => each.type === 'ObjectProperty' && keyOf(each.key as Node) === name,
  );
  return property?.value as Node | undefined;
}

export function keyOf(key: Node): string | undefined {
  return key.type === 'StringLiteral' ? (key.value as string) : (key.name as string | undefined);
}

export function placeOf(node: Node): { readonly line: number; readonly column: number } {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { line, column: column + 1 };
}

const SKIPPED = new Set(['loc', 'start', 'end', 'extra', 'leadingComments', 'trailingComments', 'innerComments']);

export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [key, value] of Object.entries(node)) {
    if (SKIPPED.has(key) || typeof value !== 'object' || value === null) continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof (child as Node | null)?.type === 'string') walk(child as Node, visit);
    }
  }
}
