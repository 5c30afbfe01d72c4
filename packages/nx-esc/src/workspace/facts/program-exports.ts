import type { ProgramOutputs } from './file-facts';
import { keyOf, type Node } from './program-syntax';

interface Export {
  readonly name: string;
  readonly node: Node;
}

export function outputsOf(program: Node): ProgramOutputs {
  const exported = exportsOf(program);
  const names = [...new Set(exported.map(({ name }) => name))].filter((name) => name !== '*' && name !== 'default');
  // What another module exports, or a function answers, is known only when the program runs.
  const isComplete = names.length > 0 && !exported.some(({ name }) => name === '*' || name === 'default');
  return { names, isComplete };
}

/** `*` stands for all that another module exports, or that an expression gives. */
export function exportsOf(program: Node): Export[] {
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
