import type { FileFacts, Reference } from './file-facts';
import { exportsOf, outputsOf } from './program-exports';
import { type Node, parseProgram, placeOf, propertyOf, walk } from './program-syntax';
import { constantsOf, textOf } from './program-texts';

/** A reference with its place. */
export interface ProgramReference extends Reference {
  readonly line: number;
  readonly column: number;
}

const RELATIVE_MODULE = /(?:\bfrom|\bimport|\brequire\()\s*['"](\.{1,2}\/[^'"]*|\.{1,2})['"]/g;
const MENTIONS_OUTPUTS = /\bexport\b|\bexports\b/;
const EXPORTED_TEXT =
  /^(?:export const (\w+)(?:\s*:\s*string)?|(?:module\.)?exports\.(\w+))\s*=\s*(['"`])([^'"`\\$\n]*)\3/gm;

/** Reads a program in TypeScript or JavaScript: its stack references, exports, and the modules that it is made of. */
export function programFacts(text: string): FileFacts {
  const modules = [...new Set([...text.matchAll(RELATIVE_MODULE)].map(([, module]) => module as string))];
  const hasReferences = text.includes('StackReference');
  if (!hasReferences && !MENTIONS_OUTPUTS.test(text)) return { references: [], modules };
  const program = parseProgram(text);
  if (program === undefined) return { references: [], modules };
  const constants = Object.fromEntries(
    [...text.matchAll(EXPORTED_TEXT)].map(([, name, assigned, , value]) => [name ?? assigned, value] as const),
  );
  const references = new Map<string, Reference>();
  if (hasReferences) {
    for (const { kind, to } of stackReferences(program)) references.set(to, { kind, to });
  }
  return {
    references: [...references.values()],
    modules,
    outputs: outputsOf(program),
    ...(Object.keys(constants).length > 0 && { constants }),
  };
}

/** The stack references of a program, with their places. */
export function locateStackReferences(text: string): ProgramReference[] {
  const program = text.includes('StackReference') ? parseProgram(text) : undefined;
  return program === undefined ? [] : stackReferences(program);
}

/** The places of a program's exports, by name. */
export function locateExports(text: string): ReadonlyMap<string, { readonly line: number; readonly column: number }> {
  const program = parseProgram(text);
  return new Map(program === undefined ? [] : exportsOf(program).map(({ name, node }) => [name, placeOf(node)]));
}

function stackReferences(program: Node): ProgramReference[] {
  const constants = constantsOf(program);
  const names = localNamesOf(program);
  const found: ProgramReference[] = [];
  walk(program, (node) => {
    if (node.type !== 'NewExpression' || !isStackReferenceClass(node.callee as Node, names)) return;
    const [name, args] = node.arguments as readonly (Node | undefined)[];
    const named = propertyOf(args, 'name') ?? name;
    const to = named === undefined ? undefined : textOf(named, constants);
    if (to !== undefined && to.includes('/')) found.push({ kind: 'stack-reference', to, ...placeOf(node) });
  });
  return found;
}

/** What the program calls the class: its own name, and what it was imported as. */
function localNamesOf(program: Node): ReadonlySet<string> {
  const names = new Set(['StackReference']);
  for (const statement of program.body as readonly Node[]) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const { imported, local } of statement.specifiers as readonly Node[]) {
      if ((imported as Node | undefined)?.name === 'StackReference') names.add((local as Node).name as string);
    }
  }
  return names;
}

function isStackReferenceClass(callee: Node, names: ReadonlySet<string>): boolean {
  if (callee.type === 'Identifier') return names.has(callee.name as string);
  return callee.type === 'MemberExpression' && (callee.property as Node).name === 'StackReference';
}
