import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Parser,
  type CST,
  type Document,
  type ParsedNode,
  type Scalar,
} from 'yaml';
import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { Position, Range } from '../../diagnostics/range';
import { byteLength } from '../byte-string';
import { joinIndex, joinKey } from '../property-path';
import { type SourceText } from './source-text';
import { resolveNumber, resolvePlainScalar } from './scalar';
import { findSyntaxError } from './syntax-error';
import { isTooDeep, MAXIMUM_DEPTH } from './depth';
import type { YamlEntry, YamlNode, YamlScalar, YamlString } from './node';

export interface ComposedDocument {
  /** Null where the document is empty or an error makes it useless. */
  readonly root: YamlNode | null;
  /** The document has no bytes at all, which is an empty object rather than a fault (language reference, section 2). */
  readonly isBlank: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const COMPOSER_OPTIONS = {
  schema: 'failsafe',
  uniqueKeys: false,
  merge: false,
  keepSourceTokens: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Reads the first document of a text as go-yaml does; never throws for what the text holds. */
export function composeDocument(source: SourceText): ComposedDocument {
  if (source.text === '') return { root: null, isBlank: true, diagnostics: [] };
  const tokens = [...new Parser().parse(source.text)];
  if (tokens.some(isTooDeep)) {
    return failed({ code: 'limit-exceeded', summary: `values are nested more than ${MAXIMUM_DEPTH} levels deep` });
  }
  const document = firstDocument(tokens, source.text.length);
  const syntaxError = findSyntaxError(source.text, tokens, document);
  if (syntaxError !== undefined) {
    const { summary, at } = syntaxError;
    const position = source.positionAt(at);
    return failed({ code: 'yaml-syntax', summary, place: source.rangeOf(position, position) });
  }
  const contents = document?.contents ?? null;
  if (contents === null || isAbsent(contents)) return { root: null, isBlank: false, diagnostics: [] };

  const composer = new NodeComposer(source);
  const root = composer.compose(contents, undefined, '');
  return { root: composer.diagnostics.length > 0 ? null : root, isBlank: false, diagnostics: composer.diagnostics };
}

function firstDocument(tokens: CST.Token[], length: number): Document.Parsed | undefined {
  for (const document of new Composer(COMPOSER_OPTIONS).compose(tokens, true, length)) return document;
  return undefined;
}

function failed(fault: Pick<Diagnostic, 'code' | 'summary' | 'place'>): ComposedDocument {
  return { root: null, isBlank: false, diagnostics: [{ severity: 'error', range: null, path: '', ...fault }] };
}

/** A document of comments or of `---` alone has an empty node that no token stands for. */
function isAbsent(node: ParsedNode): boolean {
  return (
    isScalar(node) &&
    node.source === '' &&
    node.srcToken === undefined &&
    node.tag === undefined &&
    node.anchor === undefined
  );
}

/** The tokens before a node that may hold its tag and anchor, and where it would stand if it were missing. */
interface Place {
  readonly tokens: readonly CST.SourceToken[];
  readonly emptyAt: number;
}

class NodeComposer {
  readonly diagnostics: Diagnostic[] = [];

  constructor(readonly source: SourceText) {}

  compose(node: ParsedNode, place: Place | undefined, path: string): YamlNode {
    const begin = this.#begin(node, place);
    if (isAlias(node)) return this.#alias(node.source, begin, path);
    if (isMap(node)) return this.#mapping(node.items as never, node.srcToken as never, begin, path);
    if (isSeq(node)) return this.#sequence(node.items as never, node.srcToken as never, begin, path);
    return this.#scalar(node, begin, path);
  }

  #begin(node: ParsedNode, place: Place | undefined): Position {
    const property = hasProperties(node) ? place?.tokens.find(isProperty) : undefined;
    if (property !== undefined) return this.source.positionAt(property.offset);
    const isMissing = isScalar(node) && node.srcToken === undefined;
    return this.source.positionAt(isMissing && place !== undefined ? place.emptyAt : node.range[0]);
  }

  #alias(name: string, begin: Position, path: string): YamlNode {
    const end = this.source.at(begin.line, begin.column + byteLength(name));
    this.#report('yaml-alias', 'alias nodes are not supported', this.source.rangeOf(begin, end), path);
    return { kind: 'null', range: this.source.rangeOf(begin, end) };
  }

  #mapping(
    pairs: readonly PairWithToken[],
    token: CST.BlockMap | CST.FlowCollection,
    begin: Position,
    path: string,
  ): YamlNode {
    const isFlow = token?.type === 'flow-collection';
    const entries: YamlEntry[] = [];
    for (const pair of pairs) {
      const item = pair.srcToken;
      const keyPlace = { tokens: item?.start ?? [], emptyAt: item === undefined ? 0 : offsetAfter(item.start, 0) };
      const key = this.compose(pair.key, keyPlace, path);
      const entryPath = isScalar(pair.key) ? joinKey(path, pair.key.source) : path;
      if (key.kind !== 'string' && !isAlias(pair.key))
        this.#report('yaml-key-not-string', 'mapping keys must be strings', key.range, entryPath);
      const value = this.#pairValue(pair, isFlow, entryPath);
      if (key.kind === 'string') entries.push({ key, value });
    }
    const last = entries.at(-1);
    return {
      kind: 'mapping',
      entries,
      range: this.source.rangeOf(begin, last === undefined ? begin : last.value.range.end),
    };
  }

  #pairValue(pair: PairWithToken, isFlow: boolean, path: string): YamlNode {
    const separator = pair.srcToken?.sep ?? [];
    const indicator = separator.find((token) => token.type === 'map-value-ind');
    const keyEnd = pair.key.range[1];
    const afterIndicator = indicator === undefined ? keyEnd : indicator.offset + 1;
    const emptyAt = isFlow ? nextTokenAt(this.source.text, afterIndicator) : afterIndicator;
    if (pair.value === null) {
      const position = this.source.positionAt(emptyAt);
      return { kind: 'null', range: this.source.rangeOf(position, position) };
    }
    return this.compose(pair.value, { tokens: separator, emptyAt }, path);
  }

  #sequence(
    nodes: readonly (ParsedNode | PairWithToken)[],
    token: CST.BlockSequence | CST.FlowCollection,
    begin: Position,
    path: string,
  ): YamlNode {
    const items = nodes.map((node, index) => {
      const start = token.items[index]?.start ?? [];
      const place = { tokens: start, emptyAt: offsetAfter(start, begin.byte) };
      return this.compose(node as ParsedNode, place, joinIndex(path, index));
    });
    const last = items.at(-1);
    return { kind: 'sequence', items, range: this.source.rangeOf(begin, last === undefined ? begin : last.range.end) };
  }

  #scalar(node: Scalar.Parsed, begin: Position, path: string): YamlScalar {
    const text = node.source;
    const isPlain = node.type === 'PLAIN';
    const range = this.source.rangeOf(begin, this.#scalarEnd(node, begin));
    const string = (): YamlString => {
      const isVerbatim =
        isPlain && node.tag === undefined && text !== '' && this.source.text.startsWith(text, node.range[0]);
      return { kind: 'string', range, value: text, verbatimAt: isVerbatim ? node.range[0] : -1 };
    };
    if (node.tag !== undefined && node.tag !== '!') return this.#tagged(node, range, path) ?? string();
    if (!isPlain || (node.tag === '!' && text !== '')) return string();
    const resolved = resolvePlainScalar(text);
    if (resolved.kind === 'string') return string();
    return resolved.kind === 'number' ? { kind: 'number', text: resolved.text, range } : { ...resolved, range };
  }

  /** Casts by an explicit core tag; answers undefined where the scalar stays a string. */
  #tagged(node: Scalar.Parsed, range: Range, path: string): YamlScalar | undefined {
    const tag = shortTag(node.tag as string);
    const text = node.source;
    const resolved = resolvePlainScalar(text);
    if (tag === '!!null') return { kind: 'null', range };
    if (tag === '!!bool' && resolved.kind === 'boolean') return { ...resolved, range };
    if (tag === '!!int' || tag === '!!float') {
      const number = resolveNumber(text);
      if (number !== undefined && (tag === '!!float' || number.isInteger))
        return { kind: 'number', text: number.text, range };
    } else if (tag === '!!binary') {
      if (!isBase64(text))
        this.#report('yaml-tag-cast', 'yaml: !!binary value contains invalid base64 data', range, path);
      return undefined;
    } else if (tag !== '!!bool') return undefined;
    this.#report('yaml-tag-cast', `yaml: cannot decode !!str \`${text}\` as a ${tag}`, range, path);
    return undefined;
  }

  #scalarEnd(node: Scalar.Parsed, begin: Position): Position {
    const text = node.source;
    if (node.type === 'BLOCK_LITERAL' && (node.tag === undefined || node.tag === '!')) {
      const lastBreak = text.lastIndexOf('\n');
      const lines = lastBreak < 0 ? 0 : text.split('\n').length - 1;
      return this.source.at(begin.line + lines, begin.column + byteLength(text.slice(lastBreak + 1)));
    }
    const isTagged = node.type === 'PLAIN' && node.tag !== undefined && node.tag !== '!';
    const tag = isTagged ? shortTag(node.tag as string).length + 1 : 0;
    return this.source.at(begin.line, begin.column + byteLength(text) + tag);
  }

  #report(code: Diagnostic['code'], summary: string, range: Range, path: string): void {
    this.diagnostics.push({ severity: 'error', code, summary, range, path });
  }
}

interface PairWithToken {
  readonly key: ParsedNode;
  readonly value: ParsedNode | null;
  readonly srcToken?: CST.CollectionItem;
}

function isProperty(token: CST.SourceToken): boolean {
  return token.type === 'anchor' || token.type === 'tag';
}

function hasProperties(node: ParsedNode): boolean {
  return !isAlias(node) && (node.tag !== undefined || node.anchor !== undefined);
}

/** Offset just after the last indicator of a token list, where a missing node stands. */
function offsetAfter(tokens: readonly CST.SourceToken[], fallback: number): number {
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    const token = tokens[index] as CST.SourceToken;
    if (token.type === 'seq-item-ind' || token.type === 'explicit-key-ind' || token.type === 'map-value-ind') {
      return token.offset + token.source.length;
    }
  }
  return fallback;
}

/** Offset of the next character of a flow collection that is neither blank nor comment. */
function nextTokenAt(text: string, from: number): number {
  const blank = /(?:\s|#[^\n]*)*/y;
  blank.lastIndex = from;
  return from + (blank.exec(text)?.[0].length ?? 0);
}

function isBase64(text: string): boolean {
  const digits = text.replace(/[\r\n]/g, '');
  return digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits);
}

function shortTag(tag: string): string {
  return tag.startsWith('tag:yaml.org,2002:') ? `!!${tag.slice('tag:yaml.org,2002:'.length)}` : tag;
}
