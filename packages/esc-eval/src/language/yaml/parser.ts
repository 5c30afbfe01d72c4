import { MAXIMUM_DEPTH, NestingError } from './depth';
import type { Mark } from './reader';
import { Scanner } from './scanner';
import { YamlSyntaxError } from './syntax-error';
import type { Indicator, ScalarStyle, Token, TokenType } from './token';
import type { Unreadable } from './unreadable';

interface NodeProperties {
  /** Where the node begins: its tag or anchor, if it has one. */
  readonly begin: Mark;
  /** The tag, with `!!` for those of YAML itself; undefined for none. */
  readonly tag?: string;
}

/** A node as it was written, before its scalars mean anything. */
export type SyntaxNode =
  | (NodeProperties & { readonly kind: 'scalar'; readonly value: string; readonly style: ScalarStyle })
  | (NodeProperties & { readonly kind: 'sequence'; readonly items: readonly SyntaxNode[] })
  | (NodeProperties & { readonly kind: 'mapping'; readonly pairs: readonly (readonly [SyntaxNode, SyntaxNode])[] })
  | (NodeProperties & { readonly kind: 'alias'; readonly name: string });

const YAML_TAGS = 'tag:yaml.org,2002:';
const CORE_HANDLES: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', YAML_TAGS],
];

/**
 * Parses the first document of a text by the grammar of YAML 1.1, as libyaml and go-yaml do; undefined where there is
 * none. What follows the document is not parsed.
 *
 * @throws YamlSyntaxError, UnreadableError, NestingError
 */
export function parseFirstDocument(text: string, unreadable?: Unreadable): SyntaxNode | undefined {
  return new Parser(new Scanner(text, unreadable)).document();
}

class Parser {
  readonly #tags = new Map<string, string>();
  readonly #anchors = new Set<string>();
  #depth = 0;

  constructor(readonly scanner: Scanner) {}

  document(): SyntaxNode | undefined {
    let token = this.scanner.peek();
    if (token.type === 'stream-end') return undefined;
    if (this.#readDirectives() || this.scanner.peek().type === 'document-start') {
      token = this.scanner.peek();
      if (token.type !== 'document-start') throw fault('did not find expected <document start>', token);
      token = this.#next();
      if (isOneOf(token, 'version-directive', 'tag-directive', 'document-start', 'document-end', 'stream-end'))
        return undefined;
    }
    const root = this.#node(true, false);
    // The end of the document is the next token, or the few that the scanner wants to see before it gives that.
    this.scanner.peek();
    return root;
  }

  #next(): Token {
    this.scanner.take();
    return this.scanner.peek();
  }

  /** Reads `%YAML` and `%TAG`; tells whether there were any. */
  #readDirectives(): boolean {
    let hasVersion = false;
    let token = this.scanner.peek();
    for (; token.type === 'version-directive' || token.type === 'tag-directive'; token = this.#next()) {
      if (token.type === 'version-directive') {
        if (hasVersion) throw fault('found duplicate %YAML directive', token);
        if (token.version !== '1.1') throw fault('found incompatible YAML document', token);
        hasVersion = true;
      } else {
        if (this.#tags.has(token.handle)) throw fault('found duplicate %TAG directive', token);
        this.#tags.set(token.handle, token.prefix);
      }
    }
    const hasDirectives = hasVersion || this.#tags.size > 0;
    for (const [handle, prefix] of CORE_HANDLES) if (!this.#tags.has(handle)) this.#tags.set(handle, prefix);
    return hasDirectives;
  }

  /** Parses a node; one in a block may be a block itself, or a sequence whose dashes are not indented. */
  #node(isBlock: boolean, allowsIndentless: boolean): SyntaxNode {
    if (this.#depth >= MAXIMUM_DEPTH) throw new NestingError();
    this.#depth += 1;
    const node = this.#nodeContent(isBlock, allowsIndentless);
    this.#depth -= 1;
    return node;
  }

  #nodeContent(isBlock: boolean, allowsIndentless: boolean): SyntaxNode {
    const first = this.scanner.peek();
    if (first.type === 'alias') {
      this.scanner.take();
      if (!this.#anchors.has(first.name)) throw new UnknownAnchorError(first);
      return { kind: 'alias', name: first.name, begin: first.start };
    }
    const properties = this.#properties();
    const token = this.scanner.peek();
    const { begin } = properties;
    if (allowsIndentless && token.type === 'block-entry')
      return { kind: 'sequence', ...properties, items: this.#indentlessItems() };
    switch (token.type) {
      case 'scalar':
        this.scanner.take();
        return { kind: 'scalar', ...properties, value: token.value, style: token.style };
      case 'flow-sequence-start':
        return { kind: 'sequence', ...properties, items: this.#flowItems() };
      case 'flow-mapping-start':
        return { kind: 'mapping', ...properties, pairs: this.#flowPairs() };
      case 'block-sequence-start':
        if (isBlock) return { kind: 'sequence', ...properties, items: this.#blockItems() };
        break;
      case 'block-mapping-start':
        if (isBlock) return { kind: 'mapping', ...properties, pairs: this.#blockPairs() };
    }
    if (token !== first) return { kind: 'scalar', ...properties, value: '', style: 'plain' };
    throw fault('did not find expected node content', token, begin);
  }

  /** Reads an anchor and a tag, in either order. */
  #properties(): NodeProperties {
    const begin = this.scanner.peek().start;
    let tag: string | undefined;
    let hasAnchor = false;
    for (let token = this.scanner.peek(); ; token = this.#next()) {
      if (token.type === 'anchor' && !hasAnchor) {
        hasAnchor = true;
        this.#anchors.add(token.name);
      } else if (token.type === 'tag' && tag === undefined) tag = this.#resolveTag(token, begin);
      else return tag === undefined ? { begin } : { begin, tag };
    }
  }

  #resolveTag({ handle, suffix, start }: Token & { readonly type: 'tag' }, begin: Mark): string {
    const prefix = handle === '' ? '' : this.#tags.get(handle);
    if (prefix === undefined) throw new YamlSyntaxError('parser', 'found undefined tag handle', start, begin);
    const tag = prefix + suffix;
    return tag.startsWith(YAML_TAGS) ? `!!${tag.slice(YAML_TAGS.length)}` : tag;
  }

  #blockItems(): SyntaxNode[] {
    const { start } = this.scanner.take();
    const items: SyntaxNode[] = [];
    for (;;) {
      const token = this.scanner.peek();
      if (token.type === 'block-end') {
        this.scanner.take();
        return items;
      }
      if (token.type !== 'block-entry') throw fault("did not find expected '-' indicator", token, start);
      items.push(this.#valueAfter(token, true, false, 'block-entry', 'block-end'));
    }
  }

  #indentlessItems(): SyntaxNode[] {
    const items: SyntaxNode[] = [];
    for (let token = this.scanner.peek(); token.type === 'block-entry'; token = this.scanner.peek())
      items.push(this.#valueAfter(token, true, false, 'block-entry', 'key', 'value', 'block-end'));
    return items;
  }

  #blockPairs(): (readonly [SyntaxNode, SyntaxNode])[] {
    const { start } = this.scanner.take();
    const pairs: (readonly [SyntaxNode, SyntaxNode])[] = [];
    for (;;) {
      const token = this.scanner.peek();
      if (token.type === 'block-end') {
        this.scanner.take();
        return pairs;
      }
      if (token.type !== 'key') throw fault('did not find expected key', token, start);
      const key = this.#valueAfter(token, true, true, 'key', 'value', 'block-end');
      const next = this.scanner.peek();
      const value =
        next.type === 'value' ? this.#valueAfter(next, true, true, 'key', 'value', 'block-end') : missing(next.start);
      pairs.push([key, value]);
    }
  }

  /** Parses what follows an indicator in a block; nothing, if one of the given tokens follows. */
  #valueAfter(
    { end }: Indicator,
    isBlock: boolean,
    allowsIndentless: boolean,
    ...enders: readonly TokenType[]
  ): SyntaxNode {
    return isOneOf(this.#next(), ...enders) ? missing(end) : this.#node(isBlock, allowsIndentless);
  }

  #flowItems(): SyntaxNode[] {
    const { start } = this.scanner.take();
    const items: SyntaxNode[] = [];
    for (let token = this.scanner.peek(); token.type !== 'flow-sequence-end'; token = this.scanner.peek()) {
      if (items.length > 0) {
        if (token.type !== 'flow-entry') throw fault("did not find expected ',' or ']'", token, start);
        token = this.#next();
        if (token.type === 'flow-sequence-end') break;
      }
      items.push(token.type === 'key' ? this.#singlePair(token) : this.#node(false, false));
    }
    this.scanner.take();
    return items;
  }

  /** A mapping of one pair that stands in a flow sequence without braces. */
  #singlePair({ start }: Token): SyntaxNode {
    let token = this.#next();
    let key: SyntaxNode;
    if (token.type === 'value' || token.type === 'flow-entry' || token.type === 'flow-sequence-end') {
      // libyaml's parser passes over the token, too.
      key = missing(token.end);
      this.scanner.take();
    } else key = this.#node(false, false);
    token = this.scanner.peek();
    if (token.type === 'value') {
      token = this.#next();
      if (!isOneOf(token, 'flow-entry', 'flow-sequence-end'))
        return { kind: 'mapping', begin: start, pairs: [[key, this.#node(false, false)]] };
    }
    return { kind: 'mapping', begin: start, pairs: [[key, missing(token.start)]] };
  }

  #flowPairs(): (readonly [SyntaxNode, SyntaxNode])[] {
    const { start } = this.scanner.take();
    const pairs: (readonly [SyntaxNode, SyntaxNode])[] = [];
    for (let token = this.scanner.peek(); token.type !== 'flow-mapping-end'; token = this.scanner.peek()) {
      if (pairs.length > 0) {
        if (token.type !== 'flow-entry') throw fault("did not find expected ',' or '}'", token, start);
        token = this.#next();
        if (token.type === 'flow-mapping-end') break;
      }
      pairs.push(token.type === 'key' ? this.#flowPair() : this.#flowKeyAlone());
    }
    this.scanner.take();
    return pairs;
  }

  #flowPair(): readonly [SyntaxNode, SyntaxNode] {
    let token = this.#next();
    const isMissing = isOneOf(token, 'value', 'flow-entry', 'flow-mapping-end');
    const key = isMissing ? missing(token.start) : this.#node(false, false);
    token = this.scanner.peek();
    if (token.type !== 'value') return [key, missing(token.start)];
    token = this.#next();
    return [key, isOneOf(token, 'flow-entry', 'flow-mapping-end') ? missing(token.start) : this.#node(false, false)];
  }

  #flowKeyAlone(): readonly [SyntaxNode, SyntaxNode] {
    const key = this.#node(false, false);
    return [key, missing(this.scanner.peek().start)];
  }
}

/** An alias of a name that no anchor before it has; go-yaml says so without a line. */
class UnknownAnchorError extends YamlSyntaxError {
  constructor({ name, start }: Token & { readonly type: 'alias' }) {
    super('parser', `unknown anchor '${name}' referenced`, start);
    this.message = `yaml: unknown anchor '${name}' referenced`;
  }
}

function isOneOf(token: Token, ...types: readonly TokenType[]): boolean {
  return types.includes(token.type);
}

function missing(begin: Mark): SyntaxNode {
  return { kind: 'scalar', begin, value: '', style: 'plain' };
}

function fault(problem: string, token: Token, context?: Mark): YamlSyntaxError {
  return new YamlSyntaxError('parser', problem, token.start, context);
}
