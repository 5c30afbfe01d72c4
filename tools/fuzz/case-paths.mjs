const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Visits every node of a document, with how a property access would reach it from `values`. */
export function* visit(node, path = '') {
  yield { node, path };
  for (const [index, item] of (node.seq ?? []).entries()) yield* visit(item, `${path}[${index}]`);
  for (const [key, value] of node.map ?? []) yield* visit(value, path + stepOf(textOfKey(key), path === ''));
}

/** The part of a document under `values`. */
export function valuesOf(document) {
  return document?.map?.find(([key]) => key === 'values')?.[1];
}

/** Accesses that lead to something that a document says. */
export function pathsIn(document) {
  const values = valuesOf(document);
  return values === undefined ? [] : [...visit(values)].map(({ path }) => path).filter((path) => path !== '');
}

/** Accesses to the rotations of a document. */
export function rotationsIn(document) {
  const values = valuesOf(document);
  if (values === undefined) return [];
  return [...visit(values)]
    .filter(({ node }) => node.map?.length === 1 && node.map[0][0].startsWith('fn::rotate'))
    .map(({ path }) => path);
}

function stepOf(key, isFirst) {
  if (IDENTIFIER.test(key)) return isFirst ? key : `.${key}`;
  return `["${key.replaceAll('"', '\\"')}"]`;
}

function textOfKey(key) {
  try {
    return key.startsWith('"') ? JSON.parse(key) : key.replace(/^'(.*)'$/s, '$1');
  } catch {
    return key;
  }
}
