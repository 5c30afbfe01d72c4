import { isAlias, visit, type Alias, type CST, type Document, type YAMLParseError } from 'yaml';
import { hasEscapedBytes } from '../byte-string';

/**
 * Words a syntax error as go-yaml does, for which the message is part of the language (`yaml: line 2: did not find
 * expected key`). go-yaml counts the lines of a parser's error from 0 and leaves line 0 out; of a scanner's from 1.
 */
interface SyntaxFault {
  readonly by: 'scanner' | 'parser';
  readonly problem: string;
  /** Offset of the construct that was being read, where go-yaml names one. */
  readonly context?: number;
  readonly at: number;
}

/** Characters that go-yaml's reader refuses (YAML 1.1, section 5.1, `c-printable`). */
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/;

/** A message in go-yaml's words, and the offset of the character that cannot be read on from. */
export interface YamlSyntaxError {
  readonly summary: string;
  readonly at: number;
}

/** Finds the first syntax error of a document. */
export function findSyntaxError(
  text: string,
  tokens: readonly CST.Token[],
  document: Document.Parsed | undefined,
): YamlSyntaxError | undefined {
  if (hasEscapedBytes(text)) return { summary: 'yaml: invalid leading UTF-8 octet', at: 0 };
  const unprintable = text.search(UNPRINTABLE);
  if (unprintable >= 0) return { summary: 'yaml: control characters are not allowed', at: unprintable };
  if (document === undefined) return undefined;
  const behind = document.errors.findIndex((candidate) => liesBehindRoot(candidate, text, document));
  const error = behind === 0 ? undefined : document.errors[0];
  if (error !== undefined)
    return {
      summary: formatFault(text, withRequiredKey(text, tokens, faultOf(text, tokens, error))),
      at: error.pos[0],
    };
  const keyless = findKeylessEntry(tokens);
  if (keyless !== undefined) {
    const context = enclosingMapping(tokens, keyless);
    const fault = { by: 'parser', problem: 'did not find expected key', context, at: keyless } as const;
    return { summary: formatFault(text, fault), at: keyless };
  }
  const alias = text.includes('*') ? findUnknownAlias(document) : undefined;
  if (alias === undefined) return undefined;
  return { summary: `yaml: unknown anchor '${alias.source}' referenced`, at: alias.range?.[0] ?? 0 };
}

/** go-yaml stops reading after the root node, so what follows a flow root or stands left of a block root is not seen. */
function liesBehindRoot(error: YAMLParseError, text: string, document: Document.Parsed): boolean {
  const root = document.contents;
  if (root === null || error.code !== 'UNEXPECTED_TOKEN' || error.pos[0] < root.range[1]) return false;
  const isFlow = 'flow' in root && root.flow === true;
  return (
    isFlow ||
    /^\.\.\./m.test(text.slice(root.range[1], error.pos[0] + 1)) ||
    columnAt(text, error.pos[0]) < columnAt(text, root.range[0])
  );
}

/** Offset of a `:` that no key stands before in a block mapping: no error to `yaml`, but to go-yaml. */
function findKeylessEntry(tokens: readonly CST.Token[]): number | undefined {
  const pending: CST.Token[] = [...tokens];
  for (let token = pending.pop(); token !== undefined; token = pending.pop()) {
    if (token.type === 'document' && token.value !== undefined) pending.push(token.value);
    if (!('items' in token)) continue;
    for (const { start, key, sep, value } of token.items) {
      const isExplicit = start.some(({ type }) => type === 'explicit-key-ind');
      const indicator = sep?.find(({ type }) => type === 'map-value-ind');
      const hasProperties = start.some(({ type }) => type === 'anchor' || type === 'tag');
      if (token.type === 'block-map' && !key && !isExplicit && !hasProperties && indicator) return indicator.offset;
      if (key) pending.push(key);
      if (value) pending.push(value);
    }
  }
  return undefined;
}

function findUnknownAlias(document: Document.Parsed): Alias | undefined {
  const anchors = new Set<string>();
  let unknown: Alias | undefined;
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        if (anchors.has(node.source)) return undefined;
        unknown = node;
        return visit.BREAK;
      }
      if (node.anchor !== undefined) anchors.add(node.anchor);
      return undefined;
    },
  });
  return unknown;
}

function faultOf(text: string, tokens: readonly CST.Token[], error: YAMLParseError): SyntaxFault {
  const [at] = error.pos;
  const scanner = (problem: string, position = at): SyntaxFault => ({
    by: 'scanner',
    problem,
    at: position,
    context: position,
  });
  const parser = (problem: string, context?: number): SyntaxFault => ({ by: 'parser', problem, at, context });
  switch (error.code) {
    case 'BAD_INDENT':
      if (error.message.startsWith('Flow')) return unclosedFlow(text, tokens, at);
      if (error.message.startsWith('Block scalar'))
        return scanner('found a tab character where an indentation space is expected');
      return parser('did not find expected key', enclosingMapping(tokens, at, columnAt(text, at)));
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (text[at] === '?') return scanner('mapping keys are not allowed in this context');
      return scanner('mapping values are not allowed in this context', nestedIndicator(text, at));
    case 'MULTILINE_IMPLICIT_KEY':
      if (isInsideFlow(tokens, at)) return { ...unclosedFlow(text, tokens, at), at: nestedIndicator(text, at) };
      return scanner('mapping values are not allowed in this context', nestedIndicator(text, at));
    case 'MISSING_CHAR':
      return missingCharacter(text, error);
    case 'BAD_SCALAR_START':
      if (error.message.includes('flow indicator')) return parser('did not find expected node content', at);
      return scanner('found character that cannot start any token');
    case 'TAB_AS_INDENT':
      return tab(text, at);
    case 'UNEXPECTED_TOKEN':
      return unexpectedToken(text, tokens, error);
    case 'BAD_DQ_ESCAPE': {
      const digits = /\\[xuU]/.test(error.message);
      const quote = text.lastIndexOf('"', at);
      return {
        ...scanner(digits ? 'did not find expected hexdecimal number' : 'found unknown escape character'),
        context: quote,
      };
    }
    case 'BLOCK_IN_FLOW':
      return unclosedFlow(text, tokens, at);
    case 'BAD_ALIAS':
      return scanner('did not find expected alphabetic or numeric character');
    case 'TAG_RESOLVE_FAILED':
      return error.message.startsWith('Verbatim')
        ? scanner("did not find the expected '>'")
        : parser('found undefined tag handle', at);
    default:
      return parser('did not find expected key', enclosingMapping(tokens, at));
  }
}

/**
 * A scalar that stands where the keys or dashes of an open block stand has to be a key: go-yaml's scanner then misses
 * the `:` before its parser can miss anything.
 */
function withRequiredKey(text: string, tokens: readonly CST.Token[], fault: SyntaxFault): SyntaxFault {
  const { at } = fault;
  if (!/^did not find expected (key|'-' indicator)$/.test(fault.problem)) return fault;
  if (/^[^\n]*?:(?:\s|$)|^[-?:](?:\s|$)/.test(text.slice(at))) return fault;
  const column = columnAt(text, at);
  if (text.slice(at - column, at).trim() !== '' || openBlockColumn(text, tokens, at) !== column) return fault;
  return { by: 'scanner', problem: "could not find expected ':'", context: at, at: lineEnd(text, at) + 1 };
}

/** Column of the innermost block collection that a token at an offset still lies in. */
function openBlockColumn(text: string, tokens: readonly CST.Token[], at: number): number | undefined {
  const column = columnAt(text, at);
  const block = innermost(tokens, at, (token) => {
    if (token.type !== 'block-map' && token.type !== 'block-seq') return false;
    const own = columnAt(text, token.offset);
    return own <= column && isStillOpen(text, token.offset, own, at);
  });
  return block === undefined ? undefined : columnAt(text, block.offset);
}

/** Tells whether no line between a collection and an offset lies further left than the collection. */
function isStillOpen(text: string, offset: number, column: number, at: number): boolean {
  const between = text.slice(lineEnd(text, offset) + 1, at);
  return between
    .split('\n')
    .every((line) => /^\s*(?:#|$)/.test(line) || line.length - line.trimStart().length >= column);
}

function missingCharacter(text: string, error: YAMLParseError): SyntaxFault {
  const [at] = error.pos;
  const quote = /^Missing closing (.)quote/.exec(error.message)?.[1];
  if (quote !== undefined) {
    return { by: 'scanner', problem: 'found unexpected end of stream', context: text.lastIndexOf(quote, at - 1), at };
  }
  if (error.message.startsWith('Block collection cannot start')) {
    return { by: 'scanner', problem: 'mapping values are not allowed in this context', context: at, at };
  }
  return { by: 'scanner', problem: "could not find expected ':'", context: at, at: lineEnd(text, at) + 1 };
}

function tab(text: string, at: number): SyntaxFault {
  const before = text.slice(0, at).trimEnd();
  const followsValue = before !== '' && !/[:\-?[{,]$/.test(before);
  const problem = followsValue
    ? 'found a tab character that violates indentation'
    : 'found character that cannot start any token';
  return { by: 'scanner', problem, context: at, at };
}

function unexpectedToken(text: string, tokens: readonly CST.Token[], error: YAMLParseError): SyntaxFault {
  const [at] = error.pos;
  if (error.message.startsWith('Unexpected block-seq-ind')) {
    return { by: 'scanner', problem: 'block sequence entries are not allowed in this context', context: at, at };
  }
  if (error.message.startsWith('Block scalar header')) {
    return { by: 'scanner', problem: 'did not find expected comment or line break', context: at - 1, at };
  }
  if (error.message.startsWith('Unexpected scalar at node end')) {
    const root = rootCollection(tokens);
    if (root?.type === 'block-seq')
      return { by: 'parser', problem: "did not find expected '-' indicator", context: root.offset, at };
    return { by: 'parser', problem: 'did not find expected key', context: enclosingMapping(tokens, at), at };
  }
  if (/^Unexpected (flow-|,)/.test(error.message)) {
    return { by: 'parser', problem: 'did not find expected node content', context: at, at };
  }
  return { by: 'parser', problem: 'did not find expected key', context: enclosingMapping(tokens, at), at };
}

function unclosedFlow(text: string, tokens: readonly CST.Token[], at: number): SyntaxFault {
  const flow = innermost(tokens, at, (token) => token.type === 'flow-collection');
  const isSequence = flow !== undefined && text[flow.offset] === '[';
  const problem = isSequence ? "did not find expected ',' or ']'" : "did not find expected ',' or '}'";
  const end = text.trimEnd().length <= at ? text.length : at;
  return { by: 'parser', problem, context: flow?.offset, at: end };
}

function isInsideFlow(tokens: readonly CST.Token[], at: number): boolean {
  return innermost(tokens, at, (token) => token.type === 'flow-collection') !== undefined;
}

/** Offset of the innermost block mapping around an offset, of those that are indented less than `column`. */
function enclosingMapping(tokens: readonly CST.Token[], at: number, column = Infinity): number | undefined {
  return innermost(tokens, at, (token) => token.type === 'block-map' && token.indent < column)?.offset;
}

function rootCollection(tokens: readonly CST.Token[]): CST.Token | undefined {
  const document = tokens.find((token) => token.type === 'document');
  return document?.type === 'document' ? document.value : undefined;
}

/** The last collection that begins before an offset and satisfies a condition. */
function innermost(
  tokens: readonly CST.Token[],
  at: number,
  accepts: (token: CST.Token) => boolean,
): { offset: number } | undefined {
  let best: { offset: number } | undefined;
  const pending: CST.Token[] = [...tokens];
  for (let token = pending.pop(); token !== undefined; token = pending.pop()) {
    if ('offset' in token && token.offset <= at && accepts(token) && token.offset >= (best?.offset ?? 0)) best = token;
    if (token.type === 'document' && token.value !== undefined) pending.push(token.value);
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key) pending.push(item.key);
      if (item.value) pending.push(item.value);
    }
  }
  return best;
}

/** Offset of the `:` that makes a plain scalar, begun as a value, look like a nested mapping. */
function nestedIndicator(text: string, from: number): number {
  const match = /:(?=\s|$)/.exec(text.slice(from));
  return match === null ? from : from + match.index;
}

/** go-yaml ends a text without a last line break as if it had one: a parser meets the end on the line after it. */
function formatFault(text: string, fault: SyntaxFault): string {
  const contextLine = fault.context === undefined ? 0 : lineAt(text, fault.context);
  const isEnd = fault.by === 'parser' && fault.at >= text.length && !text.endsWith('\n');
  const line = contextLine !== 0 ? contextLine : lineAt(text, fault.at) + (isEnd ? 1 : 0);
  if (line === 0) return `yaml: ${fault.problem}`;
  return `yaml: line ${fault.by === 'scanner' ? line + 1 : line}: ${fault.problem}`;
}

/** 0-based line of an offset. */
function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let index = text.indexOf('\n'); index >= 0 && index < offset; index = text.indexOf('\n', index + 1)) line += 1;
  return line;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

function columnAt(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}
