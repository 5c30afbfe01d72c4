import {
  Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Pair,
  type ParsedNode,
  Scalar,
  type ToStringOptions,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import { decodeUtf8 } from '../language/byte-string';
import { joinIndex, joinKey, type PathSegment } from '../language/property-path';
import { composeDocument } from '../language/yaml/compose';
import { SourceText } from '../language/yaml/source-text';
import type { Data } from '../values/data';
import { EscNumber } from '../values/number';
import { parseForEditing } from './node-text';
import { UnreadableDocumentError } from './secret-calls';

/** A path that leads nowhere in a document; the message is the reference's (language reference, section 19). */
export class EditError extends Error {}

/**
 * The text of an environment, to be changed: comments, order and the style of what is not touched stay.
 *
 * @throws UnreadableDocumentError for a text that is no YAML
 */
export class EditableDocument {
  readonly #document: Document;
  readonly #options: ToStringOptions;

  constructor(name: string, source: Uint8Array | string) {
    const text = typeof source === 'string' ? source : decodeUtf8(source);
    const { diagnostics } = composeDocument(new SourceText(name, text));
    if (diagnostics.length > 0) throw new UnreadableDocumentError(diagnostics);
    this.#document = parseForEditing(text);
    this.#options = styleOf(text);
  }

  /** Puts a value at a path, making the maps and lists on the way; an index at the end of a list appends. */
  set(path: readonly PathSegment[], value: Data): void {
    const node = createNode(value);
    if (path.length === 0) {
      this.#document.contents = node as never;
      return;
    }
    const [first] = path;
    this.#document.contents ??= createContainer(first as PathSegment) as never;
    let parent = this.#document.contents as unknown as Node;
    path.forEach((segment, index) => {
      const isLast = index === path.length - 1;
      const next = path[index + 1];
      const child = (): Node => (isLast ? node : createContainer(next as PathSegment));
      parent = step(parent, segment, formatPath(path.slice(0, index)), (existing) =>
        existing === undefined || (isLast ? true : isEmpty(existing)) ? keepComments(existing, child()) : existing,
      );
    });
  }

  /** Removes what a path leads to; a last key that is not there is no fault. */
  remove(path: readonly PathSegment[]): void {
    if (path.length === 0) throw new EditError('the path of what is to be removed is empty');
    const parentPath = path.slice(0, -1);
    const parent = this.#document.getIn(parentPath, true);
    if (!isMap(parent) && !isSeq(parent))
      throw new EditError(`${formatPath(parentPath)}: expected an array or an object`);
    this.#document.deleteIn(path);
  }

  /** The text of what a path leads to, or undefined. */
  get(path: readonly PathSegment[]): string | undefined {
    const node = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    if (node === undefined || node === null) return undefined;
    if (isScalar(node)) return String(node.value ?? '');
    return new Document(node, { schema: 'failsafe' }).toString(this.#options);
  }

  /** The nodes of the text, with their places in it as long as nothing has been changed. */
  get contents(): ParsedNode | null {
    return this.#document.contents as ParsedNode | null;
  }

  /** What the document holds, with Maps for maps and every scalar as its text. */
  toData(): unknown {
    return this.#document.toJS({ mapAsMap: true });
  }

  toString(): string {
    return this.#document.toString(this.#options);
  }
}

/** Steps to a child, which `replace` may exchange. */
function step(parent: Node, segment: PathSegment, path: string, replace: (existing: Node | undefined) => Node): Node {
  if (isSeq(parent)) {
    if (typeof segment !== 'number') throw new EditError(`${path}: key for an array must be an int`);
    if (segment < 0 || segment > parent.items.length) throw new EditError(`${path}: array index out of range`);
    const child = replace(parent.items[segment] as Node | undefined);
    parent.items[segment] = child;
    return child;
  }
  if (!isMap(parent)) throw new EditError(`${path}: expected an array or an object`);
  if (typeof segment !== 'string') throw new EditError(`${path}: key for a map must be a string`);
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === segment);
  const child = replace((pair?.value ?? undefined) as Node | undefined);
  if (pair === undefined) {
    if (parent.items.length === 0) parent.flow = false;
    parent.items.push(new Pair(new Scalar(segment), child));
  } else pair.value = child;
  return child;
}

/** `key:` with nothing behind it becomes what is put into it. */
function isEmpty(node: Node): boolean {
  return (
    isScalar(node) && (node.source === '' || node.source === 'null' || node.source === '~') && node.type === 'PLAIN'
  );
}

function keepComments(existing: Node | undefined, node: Node): Node {
  if (existing === undefined) return node;
  node.comment = existing.comment ?? null;
  node.commentBefore = existing.commentBefore ?? null;
  node.spaceBefore = existing.spaceBefore ?? false;
  return node;
}

function createContainer(segment: PathSegment): Node {
  return typeof segment === 'number' ? new YAMLSeq() : new YAMLMap();
}

function createNode(data: Data): Node {
  if (Array.isArray(data)) {
    const list = new YAMLSeq();
    list.items = data.map((item: Data) => createNode(item));
    return list;
  }
  if (data instanceof Map) {
    const map = new YAMLMap();
    map.items = [...(data as ReadonlyMap<string, Data>)].map(
      ([key, value]) => new Pair(createNode(key), createNode(value)),
    );
    return map;
  }
  return createScalar(data as null | boolean | EscNumber | string);
}

/** Strings are quoted where the core schema would read them as something else. */
function createScalar(data: null | boolean | EscNumber | string): Scalar {
  if (typeof data !== 'string') {
    const plain = new Scalar(data instanceof EscNumber ? data.text : String(data));
    plain.type = Scalar.PLAIN;
    return plain;
  }
  const scalar = new Scalar(data);
  if (data.includes('\n')) scalar.type = Scalar.BLOCK_LITERAL;
  else if (isReadAsOther(data)) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

function isReadAsOther(text: string): boolean {
  return /^(?:|~|null|true|false|yes|no|on|off|y|n)$/i.test(text) || /^[-+.]?[0-9]|^[-+]?\.(?:inf|nan)$/i.test(text);
}

function formatPath(path: readonly PathSegment[]): string {
  return path.reduce<string>(
    (root, segment) => (typeof segment === 'number' ? joinIndex(root, segment) : joinKey(root, segment)),
    '',
  );
}

/** The layout that a text has, as far as the writer can be told. */
function styleOf(text: string): ToStringOptions {
  const indent = /^( +)\S/m.exec(text)?.[1]?.length ?? 2;
  return {
    lineWidth: 0,
    indent: Math.min(Math.max(indent, 2), 8),
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(text),
    nullStr: 'null',
  };
}
