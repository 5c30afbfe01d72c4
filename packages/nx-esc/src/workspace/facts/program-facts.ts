import { createRequire } from 'node:module';
import type { parse as Parse } from '@babel/parser';
import type { FileFacts, ProgramOutputs, Reference } from './file-facts';

/** The parts of Babel's syntax tree that are looked at here. */
interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } };
  readonly [key: string]: unknown;
}

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

/** Undefined for a file that is in no state to be parsed: somebody is typing, and the compiler will tell them. */
function parseProgram(text: string): Node | undefined {
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

/** What names stand for in a program: expressions, or texts that other modules of it export. */
type Constants = ReadonlyMap<string, Node | string>;

function constantsOf(program: Node): Constants {
  const constants = new Map<string, Node | string>();
  walk(program, (node) => {
    if (node.type === 'ImportDeclaration') {
      for (const { type, imported, local } of node.specifiers as readonly Node[]) {
        const name =
          type === 'ImportSpecifier' ? keyOf(imported as Node) : type === 'ImportNamespaceSpecifier' ? '*' : '';
        addImported(constants, (local as Node).name as string, (node.source as Node).value as string, name);
      }
    }
    if (node.type !== 'VariableDeclaration' || node.kind !== 'const') return;
    for (const { id, init } of node.declarations as readonly Node[]) {
      const { type, name, properties } = id as Node;
      const required = requiredModule(init as Node | null);
      if (required !== undefined && type === 'Identifier') addImported(constants, name as string, required, '*');
      else if (required !== undefined && type === 'ObjectPattern') {
        for (const { key, value } of properties as readonly Node[]) {
          if (key && (value as Node).type === 'Identifier') {
            addImported(constants, (value as Node).name as string, required, keyOf(key as Node));
          }
        }
      } else if (type === 'Identifier' && init) constants.set(name as string, init as Node);
    }
  });
  return constants;
}

/** Stands for a constant that another module of the program exports, until that is known. */
function importedText(module: string, name: string): string {
  return `\${import ${module}#${name}}`;
}

/** `*` stands for the module itself. */
function addImported(constants: Map<string, Node | string>, local: string, module: string, name = ''): void {
  if (module.startsWith('.') && name !== '') constants.set(local, importedText(module, name));
}

function requiredModule(node: Node | null): string | undefined {
  if (node?.type !== 'CallExpression' || (node.callee as Node).name !== 'require') return undefined;
  const [argument] = node.arguments as readonly Node[];
  return argument?.type === 'StringLiteral' ? (argument.value as string) : undefined;
}

const MAXIMUM_DEPTH = 20;

/** The text that an expression stands for, with `${stack}` and `${?}` in it; undefined where none of it is known. */
function textOf(node: Node, constants: Constants, depth = 0): string | undefined {
  const inner = (part: Node): string =>
    depth < MAXIMUM_DEPTH ? (textOf(part, constants, depth + 1) ?? '${?}') : '${?}';
  switch (node.type) {
    case 'StringLiteral':
      return node.value as string;
    case 'TemplateLiteral': {
      const expressions = node.expressions as readonly Node[];
      const quasis = node.quasis as readonly { readonly value: { readonly cooked?: string } }[];
      return quasis
        .map(({ value }, index) => (value.cooked ?? '') + (expressions[index] ? inner(expressions[index]) : ''))
        .join('');
    }
    case 'BinaryExpression':
      return node.operator === '+' ? inner(node.left as Node) + inner(node.right as Node) : undefined;
    case 'Identifier': {
      const constant = constants.get(node.name as string);
      if (typeof constant === 'string') return constant.endsWith('#*}') ? undefined : constant;
      return constant === undefined || depth >= MAXIMUM_DEPTH ? undefined : textOf(constant, constants, depth + 1);
    }
    case 'MemberExpression': {
      const module = constants.get((node.object as Node).name as string);
      const name = node.computed === true ? undefined : keyOf(node.property as Node);
      if (typeof module !== 'string' || !module.endsWith('#*}') || name === undefined) return undefined;
      return module.replace(/\*\}$/, `${name}}`);
    }
    case 'CallExpression':
      return calledNameOf(node.callee as Node) === 'getStack' ? '${stack}' : undefined;
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return textOf(node.expression as Node, constants, depth + 1);
    default:
      return undefined;
  }
}

function calledNameOf(callee: Node): unknown {
  return callee.type === 'MemberExpression' ? (callee.property as Node).name : callee.name;
}

function propertyOf(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  const property = (node.properties as readonly Node[]).find(
    (each) => each.type === 'ObjectProperty' && keyOf(each.key as Node) === name,
  );
  return property?.value as Node | undefined;
}

function keyOf(key: Node): string | undefined {
  return key.type === 'StringLiteral' ? (key.value as string) : (key.name as string | undefined);
}

interface Export {
  readonly name: string;
  readonly node: Node;
}

function outputsOf(program: Node): ProgramOutputs {
  const exported = exportsOf(program);
  const names = [...new Set(exported.map(({ name }) => name))].filter((name) => name !== '*' && name !== 'default');
  // What another module exports, or a function answers, is known only when the program runs.
  const isComplete = names.length > 0 && !exported.some(({ name }) => name === '*' || name === 'default');
  return { names, isComplete };
}

/** `*` stands for all that another module exports, or that an expression gives. */
function exportsOf(program: Node): Export[] {
  return (program.body as readonly Node[]).flatMap((statement): Export[] => {
    switch (statement.type) {
      case 'ExportAllDeclaration':
        return [{ name: '*', node: statement }];
      case 'TSExportAssignment':
        return [{ name: '*', node: statement }];
      case 'ExportDefaultDeclaration':
        return [{ name: 'default', node: statement }];
      case 'ExportNamedDeclaration':
        return statement.exportKind === 'type' ? [] : namedExports(statement);
      case 'ExpressionStatement':
        return commonJsExports(statement.expression as Node);
      default:
        return [];
    }
  });
}

function namedExports(statement: Node): Export[] {
  const specifiers = (statement.specifiers as readonly Node[]).map((specifier): Export => ({
    name: keyOf(specifier.exported as Node) ?? '*',
    node: specifier,
  }));
  const declaration = statement.declaration as Node | null;
  if (declaration === null) return specifiers;
  if (declaration.type === 'VariableDeclaration') {
    return (declaration.declarations as readonly Node[]).flatMap(({ id }) => boundNames(id as Node));
  }
  if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
    const id = declaration.id as Node;
    return [{ name: id.name as string, node: id }];
  }
  return [];
}

function boundNames(pattern: Node): Export[] {
  if (pattern.type === 'Identifier') return [{ name: pattern.name as string, node: pattern }];
  if (pattern.type === 'ObjectPattern') {
    return (pattern.properties as readonly Node[]).flatMap((property) =>
      boundNames((property.type === 'RestElement' ? property.argument : property.value) as Node),
    );
  }
  if (pattern.type === 'ArrayPattern') {
    return (pattern.elements as readonly (Node | null)[]).flatMap((element) => (element ? boundNames(element) : []));
  }
  return pattern.type === 'AssignmentPattern' ? boundNames(pattern.left as Node) : [];
}

/** `exports.x = …`, `module.exports.x = …`, `module.exports = { … }` */
function commonJsExports(expression: Node): Export[] {
  if (expression.type !== 'AssignmentExpression') return [];
  const left = expression.left as Node;
  if (left.type !== 'MemberExpression') return [];
  const object = left.object as Node;
  const isModule = object.name === 'module' && keyOf(left.property as Node) === 'exports';
  if (!isModule) {
    const isExports =
      object.name === 'exports' ||
      (object.type === 'MemberExpression' &&
        (object.object as Node).name === 'module' &&
        keyOf(object.property as Node) === 'exports');
    const name = keyOf(left.property as Node);
    return isExports && name !== undefined ? [{ name, node: left }] : [];
  }
  const right = expression.right as Node;
  if (right.type !== 'ObjectExpression') return [{ name: '*', node: left }];
  return (right.properties as readonly Node[]).map((property): Export => {
    const name = property.type === 'SpreadElement' ? undefined : keyOf(property.key as Node);
    return { name: name ?? '*', node: property };
  });
}

function placeOf(node: Node): { readonly line: number; readonly column: number } {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { line, column: column + 1 };
}

const SKIPPED = new Set(['loc', 'start', 'end', 'extra', 'leadingComments', 'trailingComments', 'innerComments']);

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [key, value] of Object.entries(node)) {
    if (SKIPPED.has(key) || typeof value !== 'object' || value === null) continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof (child as Node | null)?.type === 'string') walk(child as Node, visit);
    }
  }
}
