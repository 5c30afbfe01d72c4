/**
 * A YAML document: bytes as they stand, or a tree that can be printed and shrunk: `{ scalar: text }` (text as it stands in the file),
 * `{ map: [[key text, node]], flow }`, `{ seq: [node], flow }`. `before` is a comment or a tag in front of a node.
 */
export const scalar = (text) => ({ scalar: text });
export const map = (entries, flow = false) => ({ map: entries, flow });
export const seq = (items, flow = false) => ({ seq: items, flow });

export function printDocument(node) {
  if (node === undefined) return '';
  if (Buffer.isBuffer(node)) return node;
  return `${print(node, 0).replace(/^\n/, '')}\n`;
}

/** Prints a node as it follows a `:` or a `-`: with a leading space, or with a line break before a block. */
function print(node, indent) {
  const text = printContent(node, indent);
  return node.before === undefined ? text : ` ${node.before}${text}`;
}

function printContent(node, indent) {
  if (isFlow(node)) return ` ${printFlow(node)}`;
  const pad = ' '.repeat(indent);
  if (node.map !== undefined) {
    return node.map.map(([key, value]) => `\n${pad}${key}:${print(value, indent + 2)}`).join('');
  }
  return node.seq.map((item) => `\n${pad}-${print(item, indent + 2)}`).join('');
}

function isFlow(node) {
  return node.scalar !== undefined || node.flow || (node.map ?? node.seq).length === 0;
}

function printFlow(node) {
  if (node.scalar !== undefined) return node.scalar;
  const before = (child) => (child.before === undefined ? '' : `${child.before} `);
  if (node.map !== undefined)
    return `{ ${node.map.map(([key, value]) => `${key}: ${before(value)}${printFlow(value)}`).join(', ')} }`;
  return `[${node.seq.map((item) => before(item) + printFlow(item)).join(', ')}]`;
}

/** Every document that is this one with one thing taken away or made simpler; the boldest first. */
export function* simplerDocuments(node) {
  if (Buffer.isBuffer(node)) {
    yield* simplerTexts(node);
    return;
  }
  if (node.before !== undefined) yield { ...node, before: undefined };
  if (node.scalar !== undefined) {
    yield* simplerScalars(node);
    return;
  }
  const children = node.map?.map(([, value]) => value) ?? node.seq;
  yield scalar('1');
  yield* children;
  const rebuild = (items) => (node.map === undefined ? { ...node, seq: items } : { ...node, map: items });
  const items = node.map ?? node.seq;
  for (const [index] of items.entries()) yield rebuild(items.filter((_, other) => other !== index));
  for (const [index, item] of items.entries()) {
    for (const simpler of simplerDocuments(children[index])) {
      yield rebuild(items.with(index, node.map === undefined ? simpler : [item[0], simpler]));
    }
  }
  if (node.flow) yield { ...node, flow: false };
}

function* simplerScalars(node) {
  if (/^[a-z0-9]?$/.test(node.scalar)) return;
  yield scalar('1');
  yield scalar('a');
  const body = /^(["']?)([^]*)\1$/.exec(node.scalar);
  const [, quote, text] = body;
  for (const size of [Math.ceil(text.length / 2), 1]) {
    if (size >= text.length) continue;
    for (let at = 0; at < text.length; at += size) {
      yield scalar(`${quote}${text.slice(0, at)}${text.slice(at + size)}${quote}`);
    }
  }
}

function* simplerTexts(bytes) {
  for (let size = bytes.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at + size <= bytes.length; at += size) {
      yield Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
    }
  }
}
