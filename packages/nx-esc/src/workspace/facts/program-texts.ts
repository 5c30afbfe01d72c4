import { keyOf, type Node, walk } from './program-syntax';

/** What names stand for in a program: expressions, or texts that other modules of it export. */
export type Constants = ReadonlyMap<string, Node | string>;

export function constantsOf(program: Node): Constants {
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
export function textOf(node: Node, constants: Constants, depth = 0): string | undefined {
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
