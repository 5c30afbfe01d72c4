import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Pair, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { decodeUtf8 } from '../language/byte-string';
import type { PathSegment } from '../language/property-path';
import type { Data } from '../values/data';
import { EditableDocument } from './edit-document';
import { columnOf, commentsIn, endOf, parseForEditing } from './node-text';
import { type Replacement, replaceStretches } from './splice';
import { writeBlockValue, writeFlowValue, writeItem, writeKey } from './write-value';

/**
 * Puts a value at a path of a text, making the maps and lists on the way. Every byte that is not part of the value
 * stays; only layouts that cannot be edited in place are written anew, comments and order kept.
 *
 * @throws UnreadableDocumentError for a text that is no YAML, EditError for a path that leads nowhere
 */
export function setInText(
  name: string,
  source: Uint8Array | string,
  path: readonly PathSegment[],
  value: Data,
): string {
  const text = typeof source === 'string' ? source : decodeUtf8(source);
  const document = new EditableDocument(name, text);
  const edit = placeValue(text, document.contents, path, value);
  document.set(path, value);
  return checked(text, document, edit);
}

/**
 * Removes what a path leads to, and leaves every other byte of a text as it is.
 *
 * @throws UnreadableDocumentError for a text that is no YAML, EditError for a path that leads nowhere
 */
export function removeFromText(name: string, source: Uint8Array | string, path: readonly PathSegment[]): string {
  const text = typeof source === 'string' ? source : decodeUtf8(source);
  const document = new EditableDocument(name, text);
  if (document.get(path) === undefined) return text;
  const edit = takeOut(text, document.contents, path);
  document.remove(path);
  return checked(text, document, edit);
}

/** Takes an edit in place only if it means what the same edit of the parsed document means. */
function checked(text: string, document: EditableDocument, edit: Replacement | undefined): string {
  if (edit === undefined) return document.toString();
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const edited = replaceStretches(text, [{ ...edit, text: edit.text.replaceAll('\n', newline) }]);
  const parsed = parseForEditing(edited);
  const isSame = parsed.errors.length === 0 && isDeepStrictEqual(parsed.toJS({ mapAsMap: true }), document.toData());
  return isSame ? edited : document.toString();
}

/** A place that holds a value: its pair in a map, or its node in a list. */
interface Slot {
  readonly node: ParsedNode | null;
  readonly pair?: Pair<ParsedNode, ParsedNode | null>;
  readonly isFlow: boolean;
  /** Columns of the collection that the place is in. */
  readonly column: number;
}

function placeValue(
  text: string,
  contents: ParsedNode | null,
  path: readonly PathSegment[],
  value: Data,
): Replacement | undefined {
  const step = stepOf(text);
  let slot: Slot = { node: contents, isFlow: false, column: -1 };
  for (const [index, segment] of path.entries()) {
    const { node } = slot;
    const inner = nest(path.slice(index + 1), value);
    const found: Slot | undefined = slotIn(text, node, segment);
    if (found === undefined) {
      if (isMap(node) && node.items.length > 0) return addPair(text, node, String(segment), inner, step);
      if (isSeq(node) && node.items.length > 0) return addItem(text, node, inner, step);
      return fill(text, slot, nest([segment], inner), step);
    }
    slot = found;
  }
  return fill(text, slot, value, step);
}

/** The number of columns by which a text indents; 2 for one that does not say. */
function stepOf(text: string): string {
  return /^( +)[^\s#-]/m.exec(text)?.[1] ?? '  ';
}

function nest(path: readonly PathSegment[], value: Data): Data {
  return path.reduceRight<Data>(
    (inner, segment) => (typeof segment === 'number' ? [inner] : new Map([[segment, inner]])),
    value,
  );
}

function slotIn(text: string, node: ParsedNode | null, segment: PathSegment): Slot | undefined {
  if (isMap(node)) {
    const pair = pairOf(node, segment);
    if (pair === undefined) return undefined;
    return { node: pair.value, pair, isFlow: node.flow === true, column: columnOf(text, pair.key.range[0]) };
  }
  if (!isSeq(node)) return undefined;
  const item = node.items[segment as number] as ParsedNode | undefined;
  return item && { node: item, isFlow: node.flow === true, column: columnOf(text, node.range[0]) };
}

function pairOf(map: YAMLMap.Parsed, segment: PathSegment): Pair<ParsedNode, ParsedNode | null> | undefined {
  const pairs = map.items as Pair<ParsedNode, ParsedNode | null>[];
  return pairs.find(({ key }) => isScalar(key) && key.value === segment);
}

/** Replaces what stands at a place. */
function fill(text: string, slot: Slot, value: Data, step: string): Replacement | undefined {
  const { node, pair, isFlow, column } = slot;
  if (pair === undefined) {
    if (node === null) return appendToDocument(text, value, step);
    if (column < 0 || !isFlow) return undefined;
    return { start: node.range[0], end: node.range[1], text: writeFlowValue(value) };
  }
  const start = text.indexOf(':', pair.key.range[1]) + 1;
  if (start === 0) return undefined;
  const isEmpty = node === null || node.range[0] === node.range[1];
  const end = isEmpty ? start : endOf(node, text);
  if (isFlow) return { start, end, text: ` ${writeFlowValue(value)}` };
  const comments = commentsIn(pair, text.slice(start, end)).map((comment) => ` ${comment}`);
  const [first, ...more] = writeBlockValue(value, ' '.repeat(column), step).split('\n');
  return { start, end, text: [`${first}${comments.join('')}`, ...more].join('\n') };
}

function appendToDocument(text: string, value: Data, step: string): Replacement {
  const isAtLineStart = text === '' || text.endsWith('\n');
  const written = writeBlockValue(value, '', step, '').replace(/^[\n ]/, '');
  return { start: text.length, end: text.length, text: `${isAtLineStart ? '' : '\n'}${written}\n` };
}

function addPair(text: string, map: YAMLMap.Parsed, key: string, value: Data, step: string): Replacement | undefined {
  const pairs = map.items as Pair<ParsedNode, ParsedNode | null>[];
  if (map.flow === true) {
    return addToFlow(text, pairs.at(-1)?.value ?? null, `${writeKey(key, 'flow')}: ${writeFlowValue(value)}`);
  }
  const margin = ' '.repeat(columnOf(text, (pairs[0] as Pair<ParsedNode>).key.range[0]));
  return addLine(text, map, margin, `${writeKey(key, 'key')}:${writeBlockValue(value, margin, step)}`);
}

function addItem(text: string, list: YAMLSeq.Parsed, value: Data, step: string): Replacement | undefined {
  if (list.flow === true) return addToFlow(text, list.items.at(-1) ?? null, writeFlowValue(value));
  const margin = ' '.repeat(columnOf(text, list.range[0]));
  return addLine(text, list, margin, writeItem(value, margin, step));
}

function addToFlow(text: string, last: ParsedNode | null, entry: string): Replacement | undefined {
  if (last === null) return undefined;
  const end = endOf(last, text);
  return { start: end, end, text: `, ${entry}` };
}

/** Adds a line behind the last line of a block collection. */
function addLine(text: string, node: ParsedNode, margin: string, entry: string): Replacement {
  const lineEnd = text.slice(endOf(node, text)).search(/\r?\n|$/) + endOf(node, text);
  return { start: lineEnd, end: lineEnd, text: `\n${margin}${entry}` };
}

function takeOut(text: string, contents: ParsedNode | null, path: readonly PathSegment[]): Replacement | undefined {
  const key = path.at(-1) as PathSegment;
  let slot: Slot | undefined = { node: contents, isFlow: false, column: -1 };
  for (const segment of path.slice(0, -1)) {
    slot = slotIn(text, slot.node, segment);
    if (slot === undefined) return undefined;
  }
  const { node } = slot;
  if (!isMap(node) || node.flow === true) return undefined;
  const pair = pairOf(node, key);
  if (pair === undefined) return undefined;
  // A map that loses its last entry stays a map.
  if (node.items.length === 1) return fill(text, slot, new Map(), '');
  const start = text.lastIndexOf('\n', pair.key.range[0] - 1) + 1;
  if (text.slice(start, pair.key.range[0]).trim() !== '') return undefined;
  const end = pair.value === null ? pair.key.range[1] + 1 : Math.max(endOf(pair.value, text), pair.key.range[1] + 1);
  const lineEnd = text.indexOf('\n', end);
  return { start, end: lineEnd < 0 ? text.length : lineEnd + 1, text: '' };
}
